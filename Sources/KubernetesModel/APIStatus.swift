/// `metav1.Status`: how the API server says what went wrong.
public struct APIStatus: Codable, Hashable, Sendable {
    public struct Details: Codable, Hashable, Sendable {
        public var name: String?
        public var kind: String?
        public var causes: [Cause]?
        public var retryAfterSeconds: Int?

        public init(name: String? = nil, kind: String? = nil, causes: [Cause]? = nil, retryAfterSeconds: Int? = nil) {
            self.name = name
            self.kind = kind
            self.causes = causes
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    public struct Cause: Codable, Hashable, Sendable {
        public var reason: String?
        public var message: String?
        public var field: String?
    }

    public var status: String?
    public var message: String?
    /// The machine's word, such as `AlreadyExists`, `Conflict`, `Expired`.
    public var reason: String?
    public var code: Int?
    public var details: Details?

    public init(
        status: String? = "Failure",
        message: String? = nil,
        reason: String? = nil,
        code: Int? = nil,
        details: Details? = nil
    ) {
        self.status = status
        self.message = message
        self.reason = reason
        self.code = code
        self.details = details
    }
}
