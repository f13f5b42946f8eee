internal import JSONReading
public import KubernetesModel

/// One run of one report.
public struct ReportRequest: KubernetesResource {
    public static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportRequest", plural: "reportrequests")

    public var metadata: ObjectMeta
    /// What was asked for, or what is wrong with how that is written.
    public var spec: Decoded<ReportRequestSpec>
    public var status: ReportRequestStatus?
    /// The uid with which the operator took it up, from its annotation; nil for one that it hasn't seen yet.
    public var acceptedUID: String?
    /// The place in a trace that it was asked for at, from an annotation; nil without one that can be read.
    public var traceParent: TraceParent?
    /// The operator that took it up, and another that acts for the same namespace by mistake, from annotations. Nothing
    /// is decided by them.
    public var takenBy: String?
    public var otherOperator: String?

    public init(
        metadata: ObjectMeta, spec: ReportRequestSpec, status: ReportRequestStatus? = nil, acceptedUID: String? = nil,
        traceParent: TraceParent? = nil
    ) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
        self.acceptedUID = acceptedUID
        self.traceParent = traceParent
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        // What was agreed is there a second time where the request brings its pipeline itself: what can be accepted has to
        // be readable afterwards.
        (try? container.superDecoder(forKey: .status) as? JSONNodeDecoder)?.countAnew()
        status = try container.decodeIfPresent(ReportRequestStatus.self, forKey: .status)
        // Anyone who may write to the request can put any text there.
        let annotations = try container.decode(Marks.self, forKey: .metadata).annotations
        acceptedUID = annotations?.acceptedUID?.head(bytes: 128)
        traceParent = annotations?.traceParent.flatMap(TraceParent.init)
        takenBy = annotations?.takenBy?.head(bytes: 256)
        otherOperator = annotations?.otherOperator?.head(bytes: 256)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(MarkedMetadata(metadata: metadata, marks: marks), forKey: .metadata)
        try container.encode(spec, forKey: .spec)
        try container.encodeIfPresent(status, forKey: .status)
    }

    private var marks: Marks? {
        let annotations = Marks.Annotations(
            acceptedUID: acceptedUID, traceParent: traceParent?.description, takenBy: takenBy,
            otherOperator: otherOperator)
        return annotations == Marks.Annotations() ? nil : Marks(annotations: annotations)
    }

    /// The annotations that are read.
    private struct Marks: Codable {
        struct Annotations: Codable, Equatable {
            var acceptedUID: String?
            var traceParent: String?
            var takenBy: String?
            var otherOperator: String?

            enum CodingKeys: String, CodingKey {
                case acceptedUID = "reports.ers.dev/accepted-uid"
                case traceParent = "reports.ers.dev/traceparent"
                case takenBy = "reports.ers.dev/operator"
                case otherOperator = "reports.ers.dev/other-operator"
            }
        }

        var annotations: Annotations?
    }

    private struct MarkedMetadata: Encodable {
        let metadata: ObjectMeta
        let marks: Marks?

        func encode(to encoder: any Encoder) throws {
            try metadata.encode(to: encoder)
            try marks?.encode(to: encoder)
        }
    }

    /// A finished run's pinned pipeline is read again only for a new attempt, whose event brings it along; and before,
    /// for as long as its end isn't recorded, its lock isn't given back, something is to go out, or its workspace is kept for
    /// a while.
    public var trimmedForCache: ReportRequest {
        guard let status, status.isTerminal, spec.value?.attempt ?? 1 <= status.attempt ?? 1 else { return self }
        if metadata.finalizers.contains(ReportsAPI.Finalizer.sharedLock) { return self }
        if metadata.finalizers.contains(ReportsAPI.Finalizer.record), !status.isEndRecorded { return self }
        if status.phase == .succeeded, status.accepted?.pipeline.workspace != nil, status.workspaceDeletedAt == nil {
            return self
        }
        if status.awaitsDeliveries { return self }
        var trimmed = self
        trimmed.status?.accepted = nil
        return trimmed
    }
}
