import Foundation
import Logging
import MongoClient
import ReportStores
import ServiceSupport

/// A test's own database on the suite's server, reached as the administrator.
struct MongoBench: Sendable {
    let client: MongoClient
    let database: String
    let store: ReportStore

    /// Short limits, so that faults show at once.
    init(_ services: LiveServices, options: MongoOptions = Self.impatient) throws {
        self.init(try MongoURI(try services.value("MONGODB_ADMIN_URI")), options: options)
    }

    init(_ uri: MongoURI, options: MongoOptions = Self.impatient) {
        client = MongoClient(uri, options: options, logger: Self.logger)
        database = "test_" + UUID().uuidString.prefix(8)
        store = ReportStore(client: client, database: database)
    }

    static var impatient: MongoOptions {
        var options = MongoOptions()
        options.serverSelectionTimeout = .seconds(2)
        options.connectTimeout = .seconds(1)
        options.socketTimeout = .seconds(2)
        return options
    }

    static var logger: Logger {
        var logger = Logger(label: "tests")
        logger.logLevel = .critical
        return logger
    }

    func collection(_ name: String) -> MongoCollection { client.collection(name, in: database) }

    /// The same database as somebody else sees it, with connections of their own.
    func another() -> ReportStore {
        ReportStore(
            client: MongoClient(client.uri, options: Self.impatient, logger: Self.logger), database: database)
    }
}

/// Tries until it works; for the time that a server takes to come back.
func retrying<Value: Sendable>(
    within limit: Duration = .seconds(30), _ body: @Sendable () async throws -> Value
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        do { return try await body() } catch {
            guard ContinuousClock.now < deadline else { throw error }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// What a call failed of; nil if it didn't.
func trouble(_ body: () async throws -> Void) async -> MongoError? {
    do { try await body() } catch let error as MongoError { return error } catch let error as StoreTrouble {
        return error.cause
    } catch {}
    return nil
}
