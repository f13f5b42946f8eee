import AsyncSupport
import FoundationEssentials
import Logging

/// Credentials from a plugin: kept until a minute before they end, or until the server refuses them.
///
/// The program runs once at a time, however many requests wait for it, on a thread of its own.
actor ExecCredentials: CredentialSource {
    /// How long before their end credentials are renewed.
    static let leeway: TimeInterval = 60

    private typealias Outcome = Result<ExecCredential.Answer, CredentialError>

    private let plugin: ExecPlugin
    private let logger: Logger
    private let now: @Sendable () -> Date
    /// Called when a plugin gives another certificate: connections made with the old one must go.
    private let identityChanged: @Sendable () -> Void
    private var answer: ExecCredential.Answer?
    private var running: Task<Outcome, Never>?

    init(
        plugin: ExecPlugin,
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() },
        identityChanged: @escaping @Sendable () -> Void
    ) {
        self.plugin = plugin
        self.logger = logger
        self.now = now
        self.identityChanged = identityChanged
    }

    func current() async throws(CredentialError) -> Credentials {
        guard let answer else { return try await renewed() }
        let left = answer.expiration.map { $0.timeIntervalSince(now()) } ?? .infinity
        if left > Self.leeway { return answer.credentials }
        do {
            return try await renewed()
        } catch  where left > 0 {
            logger.warning("Keeping the last credentials: the plugin failed", metadata: ["error": "\(error.message)"])
            return answer.credentials
        }
    }

    func replacement(for used: Credentials) async throws(CredentialError) -> Credentials? {
        // Another request may have had them renewed already.
        if let answer, answer.credentials != used { return answer.credentials }
        let fresh = try await renewed()
        return fresh == used ? nil : fresh
    }

    private func renewed() async throws(CredentialError) -> Credentials {
        let task: Task<Outcome, Never>
        if let running {
            task = running
        } else {
            let plugin = plugin
            task = Task { await Self.run(plugin) }
            running = task
        }
        let outcome = await task.value
        // The first that wakes takes it in; the others find it taken.
        if running == task {
            running = nil
            if case .success(let fresh) = outcome {
                let old = answer?.credentials
                answer = fresh
                if let old, old.identity != fresh.credentials.identity { identityChanged() }
            }
        }
        return try outcome.get().credentials
    }

    private static func run(_ plugin: ExecPlugin) async -> Outcome {
        let hasTerminal = ChildProcess.hasTerminal
        let interactive: Bool
        switch plugin.interactiveMode {
        case .never: interactive = false
        case .ifAvailable: interactive = hasTerminal
        case .always:
            guard hasTerminal else {
                return .failure(
                    CredentialError(message: "\(plugin.command) needs a terminal (interactiveMode: Always)"))
            }
            interactive = true
        }
        var environment = plugin.environment
        environment["KUBERNETES_EXEC_INFO"] = ExecCredential.question(for: plugin, interactive: interactive)
        do throws(ChildProcess.Failure) {
            let output = try await ChildProcess.output(
                of: plugin.command,
                arguments: plugin.arguments,
                environment: environment,
                inheritsInput: interactive,
                timeout: plugin.timeout
            )
            return Result { () throws(CredentialError) in try ExecCredential.answer(output, of: plugin) }
        } catch {
            var message = "The credential plugin \(plugin.command) \(error)"
            if case .notFound = error, let hint = plugin.installHint, !hint.isEmpty { message += ". \(hint)" }
            return .failure(CredentialError(message: message))
        }
    }
}
