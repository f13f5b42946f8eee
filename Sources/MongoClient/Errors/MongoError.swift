/// Why a call of the database came to nothing.
package struct MongoError: Error, Sendable, Hashable {
    package enum Kind: Hashable, Sendable {
        /// A document of that id, or of that value of a unique index, is there already.
        case duplicateKey
        /// Wrong name or password.
        case authentication
        /// The user may not do this.
        case unauthorized
        /// The server is not, or no longer, the one that takes writes.
        case notPrimary
        /// No server answers, or the connection broke.
        case unavailable
        /// The secure connection couldn't be made: certificate, name, or handshake.
        case tls
        /// No answer in time; a write may have been carried out.
        case timeout
        /// Carried out, but not by as many members as the write concern wants. It may still be rolled back.
        case writeConcern
        case diskFull
        case documentTooLarge
        /// The collection's validator refuses the document.
        case validation
        /// The collection, or another index of that name or those keys, is there already.
        case alreadyExists
        case notFound
        /// Bytes that aren't a document, or JSON that is none.
        case malformed
        /// A value that BSON can't hold, or a document that isn't what the type says.
        case coding
        /// The connection string can't be read.
        case invalidURI
        /// The call itself is wrong.
        case invalidRequest
        /// The task was cancelled; a write may have been carried out.
        case cancelled
        case other
    }

    package let kind: Kind
    /// The server's code, such as 11000, or the driver's own; 0 where there is none.
    package let code: Int32
    /// The server's name for its code, such as `NotWritablePrimary`.
    package let codeName: String?
    /// Such as `RetryableWriteError` or `TransientTransactionError`.
    package let labels: Set<String>
    /// What happened, for people. Never holds what precedes the hosts in the connection string.
    package let message: String

    package init(
        kind: Kind, code: Int32 = 0, codeName: String? = nil, labels: Set<String> = [], message: String
    ) {
        self.kind = kind
        self.code = code
        self.codeName = codeName
        self.labels = labels
        self.message = message
    }

    /// Whether the same call may succeed later without anybody changing the call.
    ///
    /// Says nothing about safety: a write that timed out or lost its connection may have been carried out.
    package var isRetryable: Bool {
        switch kind {
        case .notPrimary, .unavailable, .tls, .timeout, .writeConcern: true
        // Until somebody mends it: the password may be being changed, the disk be made larger.
        case .authentication, .unauthorized, .diskFull: true
        case .duplicateKey, .documentTooLarge, .validation, .alreadyExists, .notFound, .malformed, .coding, .invalidURI,
            .invalidRequest, .cancelled:
            false
        case .other: labels.contains("RetryableWriteError") || labels.contains("TransientTransactionError")
        }
    }
}

extension MongoError: CustomStringConvertible {
    package var description: String {
        let number = code == 0 ? "" : " (\(codeName.map { "\($0), " } ?? "")code \(code))"
        return message + number
    }
}

extension MongoError {
    static var malformed: MongoError { MongoError(kind: .malformed, message: "The bytes are not one BSON document") }

    static var cancelled: MongoError { MongoError(kind: .cancelled, message: "The call was cancelled") }
}

extension MongoError {
    /// What a coder stumbled over, with the way to it.
    init(coding error: any Error) {
        let (path, text): ([any CodingKey], String) =
            switch error {
            case EncodingError.invalidValue(_, let context): (context.codingPath, context.debugDescription)
            case DecodingError.dataCorrupted(let context): (context.codingPath, context.debugDescription)
            case DecodingError.keyNotFound(let key, let context):
                (context.codingPath, "the field \(key.stringValue) is missing")
            case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
                (context.codingPath, context.debugDescription)
            default: ([], "\(error)")
            }
        let place = path.map(\.stringValue).joined(separator: ".")
        self.init(kind: .coding, message: place.isEmpty ? text : "\(place): \(text)")
    }
}

/// Takes what must not be seen out of messages.
struct Redaction: Sendable {
    /// What a message may contain by accident, the longest first.
    private let secrets: [String]

    init(secrets: [String]) {
        self.secrets = Set(secrets).filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// Every secret replaced. A secret of a few letters also occurs in harmless words, whose gaps would give it away, so
    /// then nothing of the message stays.
    func redact(_ message: String) -> String {
        guard let first = secrets.first(where: message.contains) else { return message }
        if first.utf8.count < 4 || secrets.contains(where: { $0.utf8.count < 4 && message.contains($0) }) {
            return "The server's words are withheld: they hold a part of the password"
        }
        return secrets.reduce(message) { $0.replacing($1, with: "***") }
    }
}
