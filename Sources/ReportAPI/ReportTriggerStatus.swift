package import KubernetesModel

/// Which alerts fire, which requests were made of them, and whether requests can be made.
package struct ReportTriggerStatus: Codable, Hashable, Sendable {
    /// The newest firing of an alert. Written by the gateway alone.
    package struct Alert: Codable, Hashable, Sendable {
        /// Alertmanager's, over the alert's labels.
        package var fingerprint: String
        /// When the firing was first reported. Names the firing: an alert has no two firings that begin within `cooldown`.
        package var since: Timestamp
        /// When it was last reported, to within `cooldown`.
        package var lastNotice: Timestamp
        /// When its end was reported.
        package var endedAt: Timestamp?
        /// Those that the template asks for.
        package var labels: [String: String]?
        package var annotations: [String: String]?

        package init(
            fingerprint: String, since: Timestamp, lastNotice: Timestamp, endedAt: Timestamp? = nil,
            labels: [String: String]? = nil, annotations: [String: String]? = nil
        ) {
            self.fingerprint = fingerprint
            self.since = since
            self.lastNotice = lastNotice
            self.endedAt = endedAt
            self.labels = labels
            self.annotations = annotations
        }
    }

    /// The requests that were made of a firing: they may have been deleted since. Written by the operator alone.
    package struct Served: Codable, Hashable, Sendable {
        package var fingerprint: String
        /// The firing's.
        package var since: Timestamp
        /// How many: the first, then one for each step of the escalation.
        package var requests: Int

        package init(fingerprint: String, since: Timestamp, requests: Int) {
            self.fingerprint = fingerprint
            self.since = since
            self.requests = requests
        }
    }

    package var alerts: [Alert]?
    package var served: [Served]?
    /// Alerts that fire now.
    package var firing: Int?
    /// When a request was last made.
    package var lastRequestTime: Timestamp?
    package var observedGeneration: Int64?
    /// `Ready` alone.
    package var conditions: [Condition]?

    package init() {}

    package var ready: Condition? { conditions?.first { $0.type == Self.readyCondition } }

    package static let readyCondition = "Ready"
    /// Alerts that are kept.
    package static let maximumAlerts = 200
}
