public import KubernetesModel

/// Which alerts fire, which requests were made of them, and whether requests can be made.
public struct ReportTriggerStatus: Codable, Hashable, Sendable {
    /// The newest firing of an alert. Written by the gateway alone.
    public struct Alert: Codable, Hashable, Sendable {
        /// Alertmanager's, over the alert's labels.
        public var fingerprint: String
        /// When the firing was first reported. Names the firing: an alert has no two firings that begin within `cooldown`.
        public var since: Timestamp
        /// When it was last reported, to within `cooldown`.
        public var lastNotice: Timestamp
        /// When its end was reported.
        public var endedAt: Timestamp?
        /// Those that the template, or the ticket's, asks for.
        public var labels: [String: String]?
        public var annotations: [String: String]?

        public init(
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
    public struct Served: Codable, Hashable, Sendable {
        public var fingerprint: String
        /// The firing's.
        public var since: Timestamp
        /// How many: the first, then one for each step of the escalation.
        public var requests: Int

        public init(fingerprint: String, since: Timestamp, requests: Int) {
            self.fingerprint = fingerprint
            self.since = since
            self.requests = requests
        }
    }

    public var alerts: [Alert]?
    public var served: [Served]?
    /// Alerts that fire now.
    public var firing: Int?
    /// When a request was last made.
    public var lastRequestTime: Timestamp?
    /// Tickets that the other side has opened and not closed. Written by the courier alone.
    public var openTickets: Int?
    public var observedGeneration: Int64?
    /// `Ready`, of requests; `TicketsReady`, written by the courier, of tickets.
    public var conditions: [Condition]?

    public init() {}

    public var ready: Condition? { conditions?.first { $0.type == Self.readyCondition } }

    public var ticketsReady: Condition? { conditions?.first { $0.type == Self.ticketsCondition } }

    public static let readyCondition = "Ready"
    public static let ticketsCondition = "TicketsReady"
    /// Alerts that are kept.
    public static let maximumAlerts = 200
}
