import ServiceSupport
import Testing

/// Gives a suite servers of its own, for as long as its tests run: `LiveServices.current`.
struct ServicesTrait: SuiteTrait, TestScoping {
    let services: [LiveServices.Service]

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let name = LiveServices.uniqueName(test.name.lowercased().filter(\.isLetter))
        do {
            let live = try await LiveServices.start(services, name: name)
            try await LiveServices.$shared.withValue(live) { try await function() }
            try await live.stop()
        } catch {
            try? await LiveServices(name: name, environment: [:]).stop()
            throw error
        }
    }
}

extension Trait where Self == ServicesTrait {
    static func services(_ services: LiveServices.Service...) -> ServicesTrait { ServicesTrait(services: services) }
}

extension LiveServices {
    @TaskLocal static var shared: LiveServices?

    /// The suite's servers.
    static var current: LiveServices {
        get throws { try #require(shared, "The suite lacks the trait .services(…)") }
    }
}
