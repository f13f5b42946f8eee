public import FoundationEssentials

/// One request, as it is to go out.
public struct HTTPRequest: Sendable {
    public var method: HTTPMethod

    /// Absolute, `http` or `https`, percent-encoded.
    public var url: String

    public var headers: HTTPHeaders
    public var body: Data?

    /// What follows `body`, so that a long one needn't be in memory.
    public var bodySegments: [HTTPBodySegment] = []

    /// Asked once the connection is established, just before the first byte of the request, on a thread that may block for a
    /// moment. False ends it with `cancelled`, and nothing has gone out.
    public var mayBegin: (@Sendable () -> Bool)?
    public var timeouts: HTTPTimeouts

    /// Whether the server may answer with gzip. The body arrives decoded; `Content-Encoding` and
    /// `Content-Length` keep what the server wrote. A compressed stream that ends too early within a body of the
    /// right length looks complete to libcurl: judge by content.
    public var acceptsCompression: Bool

    /// Shown in place of the configuration's; connections of different identities are never mixed.
    public var clientIdentity: TLSClientIdentity?

    /// Bytes, after decoding. `send`: the longest body accepted. `stream`: the most that may lie unread.
    /// Beyond it the transfer fails with `bodyTooLarge`.
    public var bodyLimit: Int

    public init(
        method: HTTPMethod = .get,
        url: String,
        headers: HTTPHeaders = [:],
        body: Data? = nil,
        timeouts: HTTPTimeouts = HTTPTimeouts(),
        acceptsCompression: Bool = false,
        clientIdentity: TLSClientIdentity? = nil,
        bodyLimit: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.acceptsCompression = acceptsCompression
        self.clientIdentity = clientIdentity
        self.bodyLimit = bodyLimit
    }
}

extension HTTPRequest {
    /// In bytes; nil where there is no body.
    var bodyLength: Int? {
        if body == nil, bodySegments.isEmpty { return nil }
        return bodySegments.reduce(body?.count ?? 0) { $0 + $1.length }
    }
}

/// A piece of a request's body.
public enum HTTPBodySegment: Hashable, Sendable {
    case data(Data)
    /// `size` bytes of a file from `offset` on, which are read while they go out. One that has fewer fails the request.
    case file(path: String, offset: Int = 0, size: Int)

    var length: Int {
        switch self {
        case .data(let data): data.count
        case .file(_, _, let size): size
        }
    }
}

/// The request methods that Kubernetes' API knows.
public enum HTTPMethod: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}
