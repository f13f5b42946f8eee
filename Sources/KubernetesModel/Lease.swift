public import FoundationEssentials

/// A `coordination.k8s.io/v1` Lease: who of several may act, and until when the others have to leave it alone.
public struct Lease: KubernetesResource, Hashable {
    public static let resourceKind = ResourceKind(
        group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases")

    public struct Spec: Codable, Hashable, Sendable {
        /// nil or empty: nobody, so that anybody may take it.
        public var holderIdentity: String?
        public var leaseDurationSeconds: Int?
        /// `metav1.MicroTime`, by the holder's clock, for people: nothing is decided by it.
        public var acquireTime: String?
        public var renewTime: String?
        /// How often it went from one holder to another.
        public var leaseTransitions: Int?

        public init(
            holderIdentity: String? = nil,
            leaseDurationSeconds: Int? = nil,
            acquireTime: String? = nil,
            renewTime: String? = nil,
            leaseTransitions: Int? = nil
        ) {
            self.holderIdentity = holderIdentity
            self.leaseDurationSeconds = leaseDurationSeconds
            self.acquireTime = acquireTime
            self.renewTime = renewTime
            self.leaseTransitions = leaseTransitions
        }
    }

    public var metadata: ObjectMeta
    public var spec: Spec?

    public init(metadata: ObjectMeta, spec: Spec? = nil) {
        self.metadata = metadata
        self.spec = spec
    }

    /// The holder; nil when anybody may take it.
    public var holder: String? {
        guard let identity = spec?.holderIdentity, !identity.isEmpty else { return nil }
        return identity
    }

    /// A `metav1.MicroTime`: exactly six digits of a second, or the API server refuses it.
    public static func microTime(_ date: Date) -> String {
        let micros = Int64((date.timeIntervalSince1970 * 1_000_000).rounded(.down))
        let second = Timestamp(seconds: micros / 1_000_000)
        let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
        return "\(second.description.dropLast()).\(fraction)Z"
    }
}
