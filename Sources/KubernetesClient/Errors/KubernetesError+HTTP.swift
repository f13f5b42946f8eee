import FoundationEssentials
import HTTPTransport
import JSONReading
import KubernetesModel

extension KubernetesError {
    /// The most text of a foreign error body that is kept, in bytes.
    static let textLimit = 2048

    /// What a failed transfer means.
    init(_ error: HTTPError, operation: String, isWrite: Bool) {
        let failure = TransportFailure(
            message: error.message,
            isRetryable: error.isRetryable,
            mayHaveReachedServer: error.mayHaveReachedServer,
            isSilence: error.code == .timeout(.idle),
            isTooLarge: error.code == .bodyTooLarge
        )
        self.init(
            kind: error.code == .cancelled ? .cancelled : .transport(failure),
            operation: operation,
            outcomeUnknown: isWrite && error.mayHaveReachedServer
        )
    }

    /// What a response with a status of 400 or more means. A body that isn't a `Status` comes from something between
    /// here and the server, so of a write it doesn't tell whether it happened unless the code does.
    init(status code: Int, headers: HTTPHeaders, body: Data, operation: String, isWrite: Bool) {
        let told = Self.told(by: body)
        var status = told ?? APIStatus(message: Self.text(of: body, code: code))
        if status.code == nil || status.code == 0 { status.code = code }
        let timedOut = code == 504 || status.reason == "Timeout" || status.reason == "ServerTimeout"
        self.init(
            kind: .api(status),
            operation: operation,
            retryAfter: RetryPolicy.retryAfter(headers),
            outcomeUnknown: isWrite && (timedOut || (told == nil && code >= 500 && code != 503))
        )
    }

    private static func told(by body: Data) -> APIStatus? {
        struct Kind: Decodable { var kind: String? }
        let decoder = JSONReader()
        guard (try? decoder.decode(Kind.self, from: body))?.kind == "Status" else { return nil }
        return try? decoder.decode(APIStatus.self, from: body)
    }

    private static func text(of body: Data, code: Int) -> String {
        let text = String(decoding: body.prefix(textLimit), as: UTF8.self).trimmed
        return text.isEmpty ? "HTTP status \(code)" : "HTTP status \(code): \(text)"
    }
}
