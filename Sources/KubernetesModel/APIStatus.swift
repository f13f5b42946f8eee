/// `metav1.Status`: how the API server says what went wrong.
package struct APIStatus: Codable, Hashable, Sendable {
    package struct Details: Codable, Hashable, Sendable {
        package var name: String?
        package var kind: String?
        package var causes: [Cause]?
        package var retryAfterSeconds: Int?

        package init(name: String? = nil, kind: String? = nil, causes: [Cause]? = nil, retryAfterSeconds: Int? = nil) {
            self.name = name
            self.kind = kind
            self.causes = causes
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    package struct Cause: Codable, Hashable, Sendable {
        package var reason: String?
        package var message: String?
        package var field: String?
    }

    package var status: String?
    package var message: String?
    /// The machine's word, such as `AlreadyExists`, `Conflict`, `Expired`.
    package var reason: String?
    package var code: Int?
    package var details: Details?

    package init(
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
