internal import HTTPTypes
internal import Hummingbird

/// What every answer tells browsers of what they may do with it.
struct SecurityHeaders: Sendable {
    /// The sites that may frame the page, such as `https://teams.microsoft.com`; none: nobody may.
    let frameAncestors: [String]
    /// Whether people come by https, here or at a proxy.
    let isSecure: Bool

    func add(to response: inout Response) {
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        // The window where somebody signs in must find the frame that has opened it; how the page around that is set is
        // not ours to say, and any policy of our own would part the two.
        if frameAncestors.isEmpty { response.headers[.crossOriginOpenerPolicy] = "same-origin" }
        response.headers[.crossOriginResourcePolicy] = "same-origin"
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        switch response.headers[.contentSecurityPolicy] {
        case nil: response.headers[.contentSecurityPolicy] = policy
        case Self.framedFilePolicy?:
            // All ancestors of a file's frame are checked, and not only the page next to it.
            response.headers[.contentSecurityPolicy] = ([Self.framedFilePolicy] + frameAncestors).joined(separator: " ")
        case _?: break
        }
        if !frameAncestors.isEmpty {
            response.headers[.xFrameOptions] = nil
        } else if response.headers[.xFrameOptions] == nil {
            response.headers[.xFrameOptions] = "DENY"
        }
    }

    private var policy: String {
        let ancestors = frameAncestors.isEmpty ? "'none'" : frameAncestors.joined(separator: " ")
        return """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
            font-src 'self'; frame-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'self'; \
            form-action 'self'; frame-ancestors \(ancestors)
            """
    }

    /// Of a file that is somebody's report: whatever is in it, it runs nothing and asks nobody.
    static let filePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    /// Of one that the page shows within itself.
    static let framedFilePolicy = filePolicy + "; frame-ancestors 'self'"
}

extension HTTPField.Name {
    static var referrerPolicy: Self { .init("Referrer-Policy").unsafelyPresent }
    static var crossOriginOpenerPolicy: Self { .init("Cross-Origin-Opener-Policy").unsafelyPresent }
    static var crossOriginResourcePolicy: Self { .init("Cross-Origin-Resource-Policy").unsafelyPresent }
    static var xFrameOptions: Self { .init("X-Frame-Options").unsafelyPresent }
    static var forwardedFor: Self { .init("X-Forwarded-For").unsafelyPresent }
    static var traceParent: Self { .init("traceparent").unsafelyPresent }
    static var idempotencyKey: Self { .init("Idempotency-Key").unsafelyPresent }
    static var secFetchSite: Self { .init("Sec-Fetch-Site").unsafelyPresent }
    static var csrfToken: Self { .init("X-CSRF-Token").unsafelyPresent }
    static var lastEventID: Self { .init("Last-Event-ID").unsafelyPresent }
}

extension HTTPField.Name? {
    /// Of a name that is written in the program.
    fileprivate var unsafelyPresent: HTTPField.Name {
        guard let self else { preconditionFailure("not the name of a header") }
        return self
    }
}
