import TextCuts

extension MongoError {
    /// What a code of the server means; source: MongoDB's error_codes.yml.
    static func kind(ofServerCode code: Int32) -> Kind {
        switch code {
        case 11000, 11001, 12582: .duplicateKey
        case 18, 11: .authentication
        case 13, 8000: .unauthorized
        // NotWritablePrimary, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary, InterruptedDueToReplStateChange,
        // PrimarySteppedDown, LegacyNotPrimary, ShutdownInProgress, InterruptedAtShutdown
        case 10107, 13435, 13436, 11602, 189, 10058, 91, 11600: .notPrimary
        // HostUnreachable, HostNotFound, NetworkTimeout, SocketException
        case 6, 7, 89, 9001: .unavailable
        // MaxTimeMSExpired, NetworkInterfaceExceededTimeLimit, ExceededTimeLimit
        case 50, 202, 262: .timeout
        // WriteConcernFailed, UnsatisfiableWriteConcern
        case 64, 100: .writeConcern
        case 14031: .diskFull
        // BSONObjectTooLarge, and what an update grows into
        case 10334, 17419, 17420: .documentTooLarge
        case 121: .validation
        // NamespaceExists, IndexOptionsConflict, IndexKeySpecsConflict
        case 48, 85, 86: .alreadyExists
        case 26, 27: .notFound
        // FailedToParse, BadValue, TypeMismatch, CommandNotFound, InvalidOptions
        case 2, 9, 14, 59, 72: .invalidRequest
        default: .other
        }
    }

    /// One entry of a reply's `writeErrors`, or its `writeConcernErrors`, or a reply with `ok: 0`.
    init(reply: BSONDocument, labels: Set<String> = [], isWriteConcern: Bool = false, redaction: Redaction) {
        let code = reply["code"]?.integer.flatMap(Int32.init(exactly:)) ?? 0
        let known = Self.kind(ofServerCode: code)
        let text = reply["errmsg"]?.string ?? "The server gave no reason"
        self.init(
            kind: isWriteConcern && known == .other ? .writeConcern : known,
            code: code,
            codeName: reply["codeName"]?.string,
            labels: labels,
            message: redaction.redact(Self.detailed(text, reply))
        )
    }

    /// With the fields that a validator names, without which its refusal says nothing.
    private static func detailed(_ text: String, _ reply: BSONDocument) -> String {
        guard let details = reply["errInfo"]?.document?["details"]?.document else { return text }
        return "\(text): \(details.extendedJSON.head(bytes: 1000))"
    }
}
