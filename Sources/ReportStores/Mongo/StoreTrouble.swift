import AsyncSupport
import KubernetesModel
package import MongoClient

/// Why something could not be kept or read, and what to do about it.
public struct StoreTrouble: Error, Sendable, Hashable, CustomStringConvertible {
    package let cause: MongoError
    /// For people: what happened and what to do next.
    public let description: String

    /// `database`: where it should have gone; `what`: what could not be done, where the cause doesn't tell it.
    init(_ cause: MongoError, database: String, what: String? = nil) {
        self.cause = cause
        // Some of the server's texts repeat the whole command.
        let detail = "\(cause)"
        let brief = detail.head(bytes: 300)
        let prefix = what.map { "\($0): " } ?? ""
        description = "\(prefix)\(Self.advice(for: cause, database: database)) [\(brief)]"
    }

    /// The library's errors, for people.
    static func explaining<Value>(
        in database: String, _ body: () async throws(MongoError) -> Value
    ) async throws(StoreTrouble) -> Value {
        let result = await Result(catching: body)
        switch result {
        case .success(let value): return value
        case .failure(let error): throw StoreTrouble(error, database: database)
        }
    }

    /// Whether no server does anything for us, whatever it is asked.
    public var isOutage: Bool { [.unavailable, .tls, .authentication, .notPrimary].contains(cause.kind) }

    /// Whether no answer came: no server is there, or it is too slow.
    public var isSilence: Bool { cause.kind == .unavailable || cause.kind == .timeout }

    /// Whether the server takes neither user nor password.
    public var isRefusedSignIn: Bool { cause.kind == .authentication }

    /// Whether what was asked for isn't there.
    public var isMissing: Bool { cause.kind == .notFound }

    /// Whether it was given up because the caller was cancelled.
    public var isCancelled: Bool { cause.kind == .cancelled }

    /// What sort of outage it is. An outage that shows now as one and now as another failure is still the same outage.
    public var outage: String {
        switch cause.kind {
        case .unavailable, .timeout, .notPrimary, .writeConcern: "unreachable"
        default: "\(cause.kind)"
        }
    }

    private static func advice(for cause: MongoError, database: String) -> String {
        switch cause.kind {
        case .authentication:
            "MongoDB refuses the user or the password: check the Secret with the connection string, and its authSource"
        case .unauthorized:
            "MongoDB's user may not do this in the database \(database): give it the role that is meant for it "
                + "(docs/operations.md, What it needs of MongoDB)"
        case .diskFull:
            "MongoDB's disk is full: make room or enlarge it; records are kept back and written then"
        case .unavailable:
            "MongoDB can't be reached: check that it runs (a full disk ends it), the address in the connection string "
                + "and the network policy; it is tried again"
        case .tls:
            "No secure connection to MongoDB: check its certificate and tlsCAFile; it is tried again"
        case .notPrimary:
            "This MongoDB server takes no writes at the moment (no primary): it is tried again; name the replica set in "
                + "the connection string if this stays"
        case .timeout:
            "MongoDB takes too long to answer: it is tried again"
        case .writeConcern:
            "MongoDB's other members don't confirm the write: check the replica set (rs.status()); it is tried again"
        case .documentTooLarge:
            "The record is larger than the 16 MB that MongoDB takes"
        case .validation:
            "A validator of the collection in the database \(database) refuses the record: undo the change to the "
                + "validator, or restart the operator, which sets it up anew; if something else has changed the record itself "
                + "(its _id is the report's id), delete it, and it is written anew"
        case .alreadyExists:
            "An index of this name with other keys is in the database \(database): drop it, and it is made anew"
        case .malformed, .coding:
            "A document in the database \(database) isn't as the operator or a stage should have written it"
        case .invalidURI, .invalidRequest, .duplicateKey, .notFound, .other:
            "MongoDB can't do what is asked of it"
        case .cancelled:
            "Stopped before MongoDB had answered"
        }
    }
}

/// Why an address of an external server can't be used. For people; never has a password in it.
package struct AddressFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
}
