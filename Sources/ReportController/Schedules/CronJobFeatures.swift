package import KubernetesClient

/// What CronJobs are like on a server.
package struct CronJobFeatures: Hashable, Sendable {
    /// Of the group `batch`.
    package private(set) var version = "v1"
    /// By its version; an API server may drop them all the same.
    package private(set) var knowsTimeZones = false

    init() {}

    /// Of a server that has CronJobs in that version of `batch`. It knows time zones from Kubernetes 1.25 on.
    package init(version: String, server: ServerVersion) {
        self.version = version
        knowsTimeZones = version == "v1" && server.isAtLeast(1, 25)
    }
}

extension ServerVersion {
    fileprivate func isAtLeast(_ wantedMajor: Int, _ wantedMinor: Int) -> Bool {
        // Some say `25+`.
        let digits = minor.prefix { $0.isASCII && $0.isNumber }
        guard let major = Int(major), let minor = Int(digits) else { return false }
        return (major, minor) >= (wantedMajor, wantedMinor)
    }
}
