import Glibc
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
package import PrometheusMetrics
import ServiceLifecycle

/// Serves `/healthz`, `/readyz` and `/metrics`.
package struct StatusServer: Service {
    private let host: String
    private let port: UInt16
    private let registry: MetricsRegistry
    /// Names what still has to sync; empty once all of it has.
    private let missing: @Sendable () -> [String]
    /// How long the API server has been silent, once that is too long.
    private let silence: @Sendable () -> Duration?
    private let logger: Logger

    package init(
        host: String, port: UInt16, registry: MetricsRegistry, missing: @escaping @Sendable () -> [String],
        silence: @escaping @Sendable () -> Duration? = { nil }, logger: Logger
    ) {
        self.host = host
        self.port = port
        self.registry = registry
        self.missing = missing
        self.silence = silence
        self.logger = logger
    }

    package func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let channel = try await listen(on: group)
            logger.info("Serving status", metadata: ["address": "\(host):\(port)"])
            try? await gracefulShutdown()
            try await channel.close()
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    /// Where nobody can listen.
    package struct AddressUnusable: Error, CustomStringConvertible {
        let address: String
        let cause: String

        package var description: String { "--status-address: can't listen on \(address): \(cause)" }
    }

    private func listen(on group: MultiThreadedEventLoopGroup) async throws -> any Channel {
        guard let address = try? SocketAddress(ipAddress: host, port: Int(port)) else {
            throw AddressUnusable(address: "\(host):\(port)", cause: "it is not an IP address")
        }
        do {
            return try await bind(to: address, on: group)
        } catch let error as IOError {
            throw AddressUnusable(address: "\(host):\(port)", cause: String(cString: strerror(error.errnoCode)))
        } catch {
            throw AddressUnusable(address: "\(host):\(port)", cause: "\(error)")
        }
    }

    private func bind(
        to address: SocketAddress, on group: MultiThreadedEventLoopGroup
    ) async throws -> any Channel {
        let answer: @Sendable (HTTPRequestHead) -> StatusAnswer = { self.answer($0) }
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    // Idle connections are closed.
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: .seconds(30)))
                    try channel.pipeline.syncOperations.addHandler(StatusHandler(answer: answer))
                }
            }
            .bind(to: address)
            .get()
    }

    private func answer(_ request: HTTPRequestHead) -> StatusAnswer {
        guard request.method == .GET || request.method == .HEAD else {
            return StatusAnswer(status: .methodNotAllowed, text: "only GET and HEAD are known here\n")
        }
        switch request.uri.prefix(while: { $0 != "?" }) {
        case "/healthz":
            // That this is answered is the proof: an API server that is away must not get the operator restarted.
            return StatusAnswer(status: .ok, text: "ok\n")
        case "/readyz":
            let missing = missing()
            if missing.isEmpty, let silence = silence() {
                return StatusAnswer(
                    status: .serviceUnavailable,
                    text: "the API server has answered nothing for \(silence.components.seconds) s\n")
            }
            guard !missing.isEmpty else { return StatusAnswer(status: .ok, text: "ok\n") }
            return StatusAnswer(
                status: .serviceUnavailable,
                text: "waiting for the first list of \(missing.joined(separator: ", "))\n")
        case "/metrics":
            return StatusAnswer(
                status: .ok, text: registry.render(), type: "text/plain; version=0.0.4; charset=utf-8")
        default:
            return StatusAnswer(status: .notFound, text: "there are /healthz, /readyz and /metrics\n")
        }
    }
}
