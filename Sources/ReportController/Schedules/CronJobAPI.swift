import KubernetesClient
import KubernetesModel
import Synchronization

/// What the server's CronJobs are like: found out by discovery with each list of them.
final class CronJobAPI: Sendable {
    struct Features: Hashable {
        /// Of the group `batch`.
        var version = "v1"
        var knowsTimeZones = false
    }

    private let found = Mutex(Features())

    var features: Features { found.withLock { $0 } }

    var kind: ResourceKind { CronJob.kind(version: features.version) }

    /// Asks the server. A newer one may come under a running operator.
    func discover(_ client: KubernetesClient) async throws(KubernetesError) {
        var version = "v1"
        // Without either, the list that follows fails and says so.
        for candidate in ["v1", "v1beta1"] {
            let resources = try await client.servedResources(group: "batch", version: candidate)
            guard resources.contains(where: { $0.name == CronJob.resourceKind.plural }) else { continue }
            version = candidate
            break
        }
        let server = try await client.serverVersion()
        let features = Features(version: version, knowsTimeZones: version == "v1" && server.isAtLeast(1, 25))
        found.withLock { $0 = features }
    }

    /// The server has dropped a time zone: its feature gate is off.
    func noteDroppedTimeZone() { found.withLock { $0.knowsTimeZones = false } }
}

extension ServerVersion {
    fileprivate func isAtLeast(_ wantedMajor: Int, _ wantedMinor: Int) -> Bool {
        // Some say `25+`.
        let digits = minor.prefix { $0.isASCII && $0.isNumber }
        guard let major = Int(major), let minor = Int(digits) else { return false }
        return (major, minor) >= (wantedMajor, wantedMinor)
    }
}
