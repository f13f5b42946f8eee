import ControllerRuntime
import FlyingFox
import FlyingSocks
import FoundationEssentials
import Logging
import ServiceLifecycle

/// Serves `/healthz`, `/readyz` and `/metrics`.
struct StatusServer: Service {
    let host: String
    let port: UInt16
    let registry: MetricsRegistry
    /// Names what still has to sync; empty once the operator works.
    let missing: @Sendable () -> [String]
    let logger: Logger

    func run() async throws {
        let server: HTTPServer
        do {
            server = try makeServer()
        } catch {
            throw unusable(error)
        }
        await server.appendRoute("GET /healthz") { _ in
            // That this is answered is the proof: an API server that is away must not get the operator restarted.
            text(.ok, "ok\n")
        }
        await server.appendRoute("GET /readyz") { _ in
            let missing = missing()
            guard !missing.isEmpty else { return text(.ok, "ok\n") }
            return text(.serviceUnavailable, "waiting for the first list of \(missing.joined(separator: ", "))\n")
        }
        await server.appendRoute("GET /metrics") { _ in
            text(.ok, registry.render(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(server) }
            group.addTask {
                try await server.waitUntilListening()
                logger.info("Serving status", metadata: ["address": "\(host):\(port)"])
                try await gracefulShutdown()
                await server.stop(timeout: 1)
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Where nobody can listen.
    struct AddressUnusable: Error, CustomStringConvertible {
        let address: String
        let cause: String

        var description: String { "--status-address: can't listen on \(address): \(cause)" }
    }

    private func serve(_ server: HTTPServer) async throws {
        do {
            try await server.run()
        } catch {
            // To be stopped is an error to the server, but not to us.
            guard !Task.isShuttingDownGracefully else { return }
            throw unusable(error)
        }
    }

    /// What keeps the server from beginning to listen comes from the option; anything else stays as it is.
    private func unusable(_ error: any Error) -> any Error {
        guard case .failed(let step, _, let message)? = error as? SocketError,
            step == "Bind" || step == "Listen" || step.hasPrefix("inet_pton")
        else { return error }
        let cause = step.hasPrefix("inet_pton") ? "it is not an IP address" : message
        return AddressUnusable(address: "\(host):\(port)", cause: cause)
    }

    private func text(
        _ status: HTTPStatusCode, _ text: String, type: String = "text/plain; charset=utf-8"
    ) -> HTTPResponse {
        HTTPResponse(statusCode: status, headers: [.contentType: type], body: Data(text.utf8))
    }

    private func makeServer() throws -> HTTPServer {
        if host.contains(":") {
            return HTTPServer(address: try .inet6(ip6: host, port: port), logger: .disabled)
        }
        return HTTPServer(address: try .inet(ip4: host, port: port), logger: .disabled)
    }
}
