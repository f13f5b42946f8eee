internal import CMongoC

extension MongoError {
    /// What the library reports about a call; `reply` is what the server said, if it said anything.
    init(_ error: bson_error_t, reply: BSONDocument?, redaction: Redaction) {
        let domain = mongoc_error_domain_t(rawValue: error.domain)
        let labels = Set(reply?["errorLabels"]?.array?.compactMap(\.string) ?? [])
        if domain == MONGOC_ERROR_SERVER || domain == MONGOC_ERROR_WRITE_CONCERN, let reply,
            let answer = MongoError(answer: reply, labels: labels, redaction: redaction)
        {
            self = answer
            return
        }
        let message = withUnsafePointer(to: error) { String(cString: cmongoc_message($0)) }
        self.init(
            kind: Self.kind(domain: domain, code: error.code, message: message),
            code: Int32(bitPattern: error.code),
            codeName: reply?["codeName"]?.string,
            labels: labels,
            message: redaction.redact(message)
        )
    }

    /// The first thing that a reply complains about; nil if it doesn't.
    private init?(answer reply: BSONDocument, labels: Set<String>, redaction: Redaction) {
        if let first = reply["writeErrors"]?.array?.first?.document {
            self.init(reply: first, labels: labels, redaction: redaction)
        } else if let concern = reply["writeConcernErrors"]?.array?.first?.document
            ?? reply["writeConcernError"]?.document
        {
            self.init(reply: concern, labels: labels, isWriteConcern: true, redaction: redaction)
        } else if reply["code"] != nil {
            self.init(reply: reply, labels: labels, redaction: redaction)
        } else {
            return nil
        }
    }

    private static func kind(domain: mongoc_error_domain_t, code: UInt32, message: String) -> Kind {
        let ownCode = mongoc_error_code_t(rawValue: code)
        switch domain {
        case MONGOC_ERROR_SERVER, MONGOC_ERROR_WRITE_CONCERN, MONGOC_ERROR_QUERY:
            return kind(ofServerCode: Int32(bitPattern: code))
        case MONGOC_ERROR_SERVER_SELECTION:
            return selectionKind(message)
        case MONGOC_ERROR_STREAM:
            return message.contains("timeout") ? .timeout : message.contains("TLS") ? .tls : .unavailable
        case MONGOC_ERROR_CLIENT where ownCode == MONGOC_ERROR_CLIENT_AUTHENTICATE, MONGOC_ERROR_SASL,
            MONGOC_ERROR_SCRAM:
            return .authentication
        case MONGOC_ERROR_BSON where message.contains("too large"):
            return .documentTooLarge
        case MONGOC_ERROR_BSON, MONGOC_ERROR_COMMAND, MONGOC_ERROR_NAMESPACE, MONGOC_ERROR_CURSOR:
            return .invalidRequest
        case MONGOC_ERROR_PROTOCOL, MONGOC_ERROR_POOL:
            return .unavailable
        default:
            return .other
        }
    }

    // Only the words tell a server that isn't there from one whose certificate isn't trusted.
    private static func selectionKind(_ message: String) -> Kind {
        if message.contains("TLS handshake") || message.contains("certificate") { return .tls }
        return message.lowercased().contains("authentication fail") ? .authentication : .unavailable
    }
}
