import ArgumentParser
package import ControllerRuntime
package import Logging
package import PrometheusMetrics
package import ServiceLifecycle
import UnixSignals

extension Daemon {
    /// Runs services until one of them fails or SIGTERM or SIGINT comes; shutdown goes backwards.
    ///
    /// `watch`: whose end ends all of them in good order; nil: nothing is watched. Throws a `ValidationError` where nobody can
    /// listen at the status address.
    package static func run(
        _ services: [any Service], endingWith watch: SecretFilesWatch?, logger: Logger
    ) async throws {
        // Where one fails, what is under way still comes to its end, such as a mail, and the lease is given back.
        var configured = services.map {
            ServiceGroupConfiguration.ServiceConfiguration(
                service: $0, failureTerminationBehavior: .gracefullyShutdownGroup)
        }
        if let watch {
            configured.append(.init(service: watch, successTerminationBehavior: .gracefullyShutdownGroup))
        }
        // At debug level the group prints its services with all that they hold; that tells nobody anything.
        var groupLogger = logger
        groupLogger.logLevel = max(logger.logLevel, .notice)
        let group = ServiceGroup(
            configuration: .init(
                services: configured, gracefulShutdownSignals: [.sigterm, .sigint], logger: groupLogger))
        do {
            try await group.run()
        } catch let error as StatusServer.AddressUnusable {
            throw ValidationError("\(error)")
        }
        logger.info("Stopped")
    }
}

extension DaemonOptions {
    /// The server of the status address; none where it is off. Ready once all `stores` have synced.
    package func statusServer(
        of stores: [any SyncedStore], _ answers: ServerAnswers, _ registry: MetricsRegistry, _ logger: Logger
    ) -> [any Service] {
        guard case .listen(let host, let port) = statusAddress else { return [] }
        return [
            StatusServer(
                host: host, port: port, registry: registry,
                missing: { stores.filter { !$0.hasSynced }.map(\.name) }, silence: { answers.silence },
                logger: logger)
        ]
    }
}
