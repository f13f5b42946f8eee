package import AsyncSupport
package import ServiceLifecycle

/// A service that begins when a gate opens, or never.
package struct LedService: Service {
    let gate: Gate
    let service: any Service

    package init(_ service: any Service, after gate: Gate) {
        self.service = service
        self.gate = gate
    }

    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await gate.wait() }
        } catch {
            // The process ends before its turn came.
            return
        }
        try await service.run()
    }
}
