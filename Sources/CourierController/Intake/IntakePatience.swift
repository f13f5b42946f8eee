import ReportStores

/// How long is waited for what holds a message up. A broker hands messages over in order, so one that waits has all others
/// wait: for a server that is away that is right, and for one namespace that refuses it isn't.
///
/// A namespace that has refused for that long has each further message of its own refused at once, until it takes one.
struct IntakePatience {
    typealias Instant = ContinuousClock.Instant

    static let longest: Duration = .seconds(60)

    private let patience: Duration
    /// Since when, by what is waited for.
    private var since: [String: Instant] = [:]
    private static let most = 1000

    init(_ patience: Duration = Self.longest) { self.patience = patience }

    /// Whether a message that can't be settled now is to be refused.
    mutating func isOver(_ postponement: Postponement, namespace: String, id: String, at now: Instant) -> Bool {
        let key: String
        switch postponement.scope {
        case .cluster: return false
        case .namespace: key = namespace
        case .message: key = "\(namespace)/\(id)"
        }
        if let start = since[key] { return now >= start + patience }
        // A sender that names ever new ones has them all forgotten: they wait again.
        if since.count >= Self.most { since = [:] }
        since[key] = now
        return false
    }

    /// The namespace has taken a message.
    mutating func accepted(namespace: String, id: String) {
        since[namespace] = nil
        since["\(namespace)/\(id)"] = nil
    }

    /// The message is done with.
    mutating func refused(namespace: String, id: String) { since["\(namespace)/\(id)"] = nil }
}
