import KubernetesModel
import Logging
import MongoClient
import RedisClient
import ReportController
import ReportStores
import ServiceSupport

/// The MongoDB and the Redis of a test, as the operator and as the test itself use them.
struct Outside: Sendable {
    let services: LiveServices
    /// The test's own view of the record.
    let records: ReportStore
    /// The test's own connection.
    let redis: RedisConnection

    /// The lock as the test itself takes it: without waiting for holders of before.
    var lock: SharedLock {
        SharedLock(
            RedisServer(redis), grace: .init(restart: .milliseconds(1), empty: .milliseconds(1)),
            logger: Logger(label: "test"))
    }

    /// Runs `body` with servers of its own, which it may break.
    static func run(
        _ kinds: [LiveServices.Service], _ name: String, _ body: (Outside) async throws -> Void
    ) async throws {
        let services = try await LiveServices.start(kinds, name: LiveServices.uniqueName(name))
        do {
            try await body(try Outside(services))
            try await services.stop()
        } catch {
            try? await services.stop()
            throw error
        }
    }

    private init(_ services: LiveServices) throws {
        self.services = services
        let logger = Logger(label: "test")
        // A test that needs one of the two alone never uses the other.
        let uri = services.environment["MONGODB_URI"] ?? "mongodb://127.0.0.1:1/reports"
        records = ReportStore(client: MongoClient(try MongoURI(uri), logger: logger))
        let url = services.environment["REDIS_URL"] ?? "redis://127.0.0.1:1"
        redis = RedisConnection(try RedisConfiguration(url: url), logger: logger)
    }

    /// What an operator in a namespace has; `password` replaces MongoDB's.
    func stores(
        mongodb: Bool = true, redis: Bool = true, password: String? = nil, lease: Duration = .seconds(10),
        grace: Duration = .seconds(1), consumer: String = "test", patience: Duration = .seconds(900)
    ) -> @Sendable (String, Logger) throws -> OutsideStores {
        { [services] namespace, logger in
            var stores = OutsideStores()
            if mongodb {
                var text = try services.value("MONGODB_URI")
                if let password {
                    let parts = text.split(separator: "@", maxSplits: 1)
                    text = parts[0].prefix { $0 != ":" } + "://reports:\(password)@" + parts[1]
                }
                stores.records = try ReportStore(address: text, logger: logger)
            }
            if redis {
                stores.redis = OutsideStores.Redis(
                    server: try RedisServer(address: try services.value("REDIS_URL"), logger: logger), lockLease: lease,
                    lockGrace: .init(restart: grace, empty: grace),
                    intake: IntakeOptions(namespace: namespace, consumer: consumer, patience: patience))
            }
            return stores
        }
    }

    /// The events that were told, in their order.
    func payloads() async throws -> [JSONValue] {
        let reply = try await redis.send(RedisCommand("XRANGE", "reports:events", "-", "+"))
        return try (reply.array ?? []).map { entry in
            let fields = entry.array?.last?.array ?? []
            return try JSONValue.yaml(fields.last?.string ?? "")
        }
    }

    /// The same: request, attempt and phase.
    func events() async throws -> [String] {
        try await payloads().map { event in
            guard case .integer(let attempt)? = event["attempt"] else { return "\(event)" }
            return "\(event["name"]?.string ?? "")/\(attempt)/\(event["phase"]?.string ?? "")"
        }
    }
}
