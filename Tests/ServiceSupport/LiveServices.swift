import ClusterSupport
import Foundation

/// Private servers, started by `hack/services` under a name of their own.
package struct LiveServices: Sendable {
    package enum Service: String, Sendable {
        case mongodb, redis, mariadb
        case signIn = "sign-in"
    }

    package let name: String
    /// What `hack/services env` says: `MONGODB_URI`, `REDIS_URL`, …
    package let environment: [String: String]

    package init(name: String, environment: [String: String]) {
        self.name = name
        self.environment = environment
    }

    /// Starts them; returns once they answer.
    package static func start(_ services: [Service], name: String) async throws -> LiveServices {
        _ = try await run(name, ["up"] + services.map(\.rawValue))
        return LiveServices(name: name, environment: try await variables(name))
    }

    /// Starts them, runs `body`, and stops them whatever comes of it.
    package static func with<Result>(
        _ services: Service..., name: String, _ body: (LiveServices) async throws -> Result
    ) async throws -> Result {
        let live: LiveServices
        do {
            live = try await start(services, name: uniqueName(name))
        } catch {
            _ = try? await run(uniqueName(name), ["down"])
            throw error
        }
        do {
            let result = try await body(live)
            try await live.stop()
            return result
        } catch {
            try? await live.stop()
            throw error
        }
    }

    /// Two test runs at a time don't meet. hack/services takes 32 letters.
    package static func uniqueName(_ name: String) -> String {
        "\(name.prefix(20))-\(ProcessInfo.processInfo.processIdentifier)"
    }

    /// The value of a variable that must be there.
    package func value(_ variable: String) throws -> String {
        guard let value = environment[variable] else {
            throw Command.Failed(description: "hack/services --name \(name) env doesn't tell \(variable)")
        }
        return value
    }

    /// Stops them and forgets their data.
    package func stop() async throws { _ = try await Self.run(name, ["down"]) }

    /// Ends a server as a power cut would.
    package func kill(_ service: Service) async throws { _ = try await Self.run(name, ["kill", service.rawValue]) }

    /// Starts a server again with the data it had; returns once it answers.
    package func start(_ service: Service) async throws { _ = try await Self.run(name, ["start", service.rawValue]) }

    /// Has it sign tokens by a new key, beside the old ones.
    package func rotateKeys() async throws { _ = try await Self.run(name, ["rotate", Service.signIn.rawValue]) }

    /// Where people may be sent back to after signing in.
    package func allowRedirects(to addresses: [String]) async throws {
        let options = addresses.flatMap { ["--redirect-uri", $0] }
        _ = try await Self.run(name, ["up", Service.signIn.rawValue] + options)
    }

    /// Stalls a server: its connections stay open and nothing answers.
    package func pause(_ service: Service) async throws { _ = try await Self.run(name, ["pause", service.rawValue]) }

    package func resume(_ service: Service) async throws { _ = try await Self.run(name, ["resume", service.rawValue]) }

    private static func run(_ name: String, _ arguments: [String]) async throws -> String {
        try await Command.run([program, "--name", name] + arguments)
    }

    private static var program: String { LiveCluster.root.appendingPathComponent("hack/services").path }

    /// The values are quoted for a shell, so a shell reads them.
    private static func variables(_ name: String) async throws -> [String: String] {
        let script = "eval \"$(\"$0\" --name \"$1\" env)\" && env"
        let lines = try await Command.run(["bash", "-ec", script, program, name]).split(separator: "\n")
        let pairs = lines.compactMap { line in
            line.firstIndex(of: "=").map { (String(line[..<$0]), String(line[line.index(after: $0)...])) }
        }
        return Dictionary(pairs) { $1 }
    }
}
