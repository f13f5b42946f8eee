/// What a release of Kubernetes has of CronJobs.
package struct KubernetesRelease: Hashable, Sendable, CustomStringConvertible {
    /// The 25 of 1.25.
    package let minor: Int
    /// Whether its feature gate for time zones is on.
    private let mayKeepZones: Bool

    package init(minor: Int, keepsZones: Bool = true) {
        self.minor = minor
        mayKeepZones = keepsZones
    }

    /// The versions of the group `batch` in which it has CronJobs, the preferred first.
    package var cronJobVersions: [String] {
        switch minor {
        case ..<21: ["v1beta1"]
        case 21..<25: ["v1", "v1beta1"]
        default: ["v1"]
        }
    }

    /// Whether a CronJob's `timeZone` stays; a server that doesn't know it drops it.
    package var keepsZones: Bool { minor >= 25 && mayKeepZones }

    package var description: String { "1.\(minor)\(mayKeepZones ? "" : " without zones")" }
}
