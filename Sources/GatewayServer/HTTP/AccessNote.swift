internal import Synchronization

/// What is learnt of a request while it is answered, for its line in the access log.
final class AccessNote: Sendable {
    struct Facts: Sendable {
        var user: String?
        var reportID: String?
        var client: String?
        /// The value of `Set-Cookie` that goes out with whatever the answer is.
        var cookie: String?
    }

    private let facts = Mutex(Facts())

    var value: Facts { facts.withLock { $0 } }

    func note(user: String) { facts.withLock { $0.user = user } }
    func note(reportID: String) { facts.withLock { $0.reportID = reportID } }
    func note(cookie: String) { facts.withLock { $0.cookie = cookie } }
    func note(client: String) { facts.withLock { $0.client = client } }
}
