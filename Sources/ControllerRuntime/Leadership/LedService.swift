public import AsyncSupport
public import ServiceLifecycle

/// A service that begins when a gate opens, or never.
public struct LedService: Service {
    let gate: Gate
    let service: any Service

    public init(_ service: any Service, after gate: Gate) {
        self.service = service
        self.gate = gate
    }

    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await gate.wait() }
        } catch {
            // The process ends before its turn came.
            return
        }
        try await service.run()
    }
}
