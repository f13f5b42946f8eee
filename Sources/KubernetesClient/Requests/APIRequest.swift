import FoundationEssentials
import HTTPTransport
import KubernetesModel
import NetworkAddresses

/// One request to the API server before it has an address and credentials.
struct APIRequest: Sendable {
    enum Verb: String, Sendable {
        case get, list, watch, create, patch, delete

        var method: HTTPMethod {
            switch self {
            case .get, .list, .watch: .get
            case .create: .post
            case .patch: .patch
            case .delete: .delete
            }
        }

        var isWrite: Bool { method != .get }
    }

    let verb: Verb
    let path: ResourcePath
    let query: [(name: String, value: String)]
    private(set) var body: Data?
    private(set) var contentType: String?
    var timeouts = HTTPTimeouts.ordinary
    /// The form of the answer, where it isn't plain JSON.
    var accept: String?
    /// Asked before each attempt; nil: it may.
    var mayBeSent: (@Sendable () -> Bool)?
    /// The most bytes of an answer.
    var bodyLimit = 256 << 20

    init(_ verb: Verb, _ path: ResourcePath, query: [(name: String, value: String)] = []) {
        self.verb = verb
        self.path = path
        self.query = query
    }

    /// What is tried, for messages.
    var operation: String { "\(verb.rawValue) \(path.name)" }

    /// Path and query, percent-encoded.
    var target: String {
        if query.isEmpty { return path.path }
        return path.path + "?"
            + query.map { "\($0.name)=\(PercentEncoding.component($0.value))" }.joined(separator: "&")
    }

    /// Throws `decoding` when `value` can't be written as JSON.
    mutating func setBody(_ value: some Encodable, contentType: String) throws(KubernetesError) {
        self.contentType = contentType
        if let value = value as? JSONValue {
            body = Data(value.jsonText)
            return
        }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            body = try encoder.encode(value)
        } catch {
            throw KubernetesError(kind: .decoding("The body can't be written as JSON: \(error)"), operation: operation)
        }
    }
}

extension HTTPTimeouts {
    /// The server itself gives a write up after 34 s at most, and no call normally takes seconds.
    static let ordinary = HTTPTimeouts(connect: .seconds(10), total: .seconds(30))
    /// A large list takes its time, so what counts is whether it gets on.
    static let list = HTTPTimeouts(
        connect: .seconds(10), firstByte: .seconds(30), idle: .seconds(30), total: .seconds(180))
}

extension ListOptions {
    var query: [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let labelSelector { query.append(("labelSelector", labelSelector)) }
        if let fieldSelector { query.append(("fieldSelector", fieldSelector)) }
        if let limit { query.append(("limit", "\(limit)")) }
        if let `continue`, !`continue`.isEmpty {
            query.append(("continue", `continue`))
        } else if let resourceVersion, !resourceVersion.isEmpty {
            query.append(("resourceVersion", resourceVersion))
            if let resourceVersionMatch { query.append(("resourceVersionMatch", resourceVersionMatch.rawValue)) }
        }
        return query
    }
}

extension WatchOptions {
    var query: [(name: String, value: String)] {
        var query: [(name: String, value: String)] = [("watch", "1"), ("timeoutSeconds", "\(timeoutSeconds)")]
        if allowBookmarks { query.append(("allowWatchBookmarks", "true")) }
        if let resourceVersion, !resourceVersion.isEmpty { query.append(("resourceVersion", resourceVersion)) }
        if let labelSelector { query.append(("labelSelector", labelSelector)) }
        if let fieldSelector { query.append(("fieldSelector", fieldSelector)) }
        return query
    }

    var timeouts: HTTPTimeouts {
        HTTPTimeouts(
            connect: .seconds(10),
            firstByte: .seconds(30),
            idle: effectiveIdleDeadline,
            // The server ends it first, if it's alive.
            total: .seconds(timeoutSeconds + 60)
        )
    }
}
