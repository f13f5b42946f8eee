internal import CMongoC

/// A connection string, known to be well-formed. Printing it shows no secret.
package struct MongoURI: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The whole text, credentials included: for the driver alone.
    let text: String
    /// The database that its path names.
    package let database: String?
    let redaction: Redaction
    /// For logs: without user, password and every option that may be a secret.
    package let sanitized: String

    /// Checks the text; the options' values too. Throws `MongoError` (invalidURI).
    package init(_ text: String) throws(MongoError) {
        MongoGlobal.initialize()
        let parts = MongoURIParts(text)
        var error = bson_error_t()
        guard !text.utf8.contains(0), let raw = mongoc_uri_new_with_error(text, &error) else {
            let reason = withUnsafePointer(to: error) { String(cString: cmongoc_message($0)) }
            throw MongoError(kind: .invalidURI, message: parts.explanation(of: reason))
        }
        defer { mongoc_uri_destroy(raw) }
        self.text = text
        database = mongoc_uri_get_database(raw).map { String(cString: $0) }
        // The password as it is written and as it is meant.
        let password = mongoc_uri_get_password(raw).map { String(cString: $0) }
        redaction = Redaction(secrets: parts.secrets + [password].compactMap(\.self))
        sanitized = parts.sanitized
    }

    package var description: String { sanitized }

    package var debugDescription: String { sanitized }

    package var customMirror: Mirror { Mirror(self, children: ["uri": sanitized]) }
}
