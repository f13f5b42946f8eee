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
        let server = try makeServer()
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
        logger.info("Serving status", metadata: ["address": "\(host):\(port)"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                try await gracefulShutdown()
                await server.stop(timeout: 1)
            }
            try await group.next()
            group.cancelAll()
        }
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
