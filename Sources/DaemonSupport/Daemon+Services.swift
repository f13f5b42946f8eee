import ArgumentParser
package import ControllerRuntime
package import Logging
package import PrometheusMetrics
package import ServiceLifecycle
import UnixSignals

extension Daemon {
    /// How long the end of all services may take. A kubelet bounds an end that it asked for; one that a failure has begun in the
    /// process itself nobody else would: it would neither work nor be restarted.
    package struct Patience: Sendable {
        /// Until what still goes on is cancelled.
        package var graceful: Duration
        /// From then on, until the process is ended wherever it is.
        package var cancelled: Duration

        /// Both together are less than the `terminationGracePeriodSeconds` of the manifests, 60 s.
        package init(graceful: Duration = .seconds(45), cancelled: Duration = .seconds(10)) {
            self.graceful = graceful
            self.cancelled = cancelled
        }
    }

    /// Runs services until one of them fails or SIGTERM or SIGINT comes; shutdown goes backwards.
    ///
    /// `watch`: whose end ends all of them in good order; nil: nothing is watched. `patience`: how long their end may take; one
    /// that doesn't end is cancelled then. Throws a `ValidationError` where nobody can listen at the status address.
    package static func run(
        _ services: [any Service], endingWith watch: SecretFilesWatch?, patience: Patience = Patience(), logger: Logger
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
        var configuration = ServiceGroupConfiguration(
            services: configured, gracefulShutdownSignals: [.sigterm, .sigint], logger: groupLogger)
        configuration.maximumGracefulShutdownDuration = patience.graceful
        configuration.maximumCancellationDuration = patience.cancelled
        let group = ServiceGroup(configuration: configuration)
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
