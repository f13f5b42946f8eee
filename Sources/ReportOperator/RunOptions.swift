import ArgumentParser
import Logging

/// Everything that can be set from outside, read and checked once.
struct RunOptions: ParsableArguments {
    @Option(help: "The kubeconfig file. Default: $KUBECONFIG, then the pod's service account, then ~/.kube/config.")
    var kubeconfig: String?

    @Option(help: "The kubeconfig's context. Default: its current one.")
    var context: String?

    @Option(name: .shortAndLong, help: "The one namespace to work in. Default: all namespaces.")
    var namespace: String?

    @Option(help: "Where /healthz, /readyz and /metrics are served, as ADDRESS:PORT, or off.")
    var statusAddress: StatusAddress = .default

    @Option(help: "The least severe messages that are logged: \(LogLevel.list).")
    var logLevel: LogLevel = .info

    @Option(help: "How messages are written to standard error: \(LogFormat.list).")
    var logFormat: LogFormat = .text

    @Option(help: "Requests that are worked on at once, 1 to 64.")
    var workers = 4

    func validate() throws {
        guard (1...64).contains(workers) else {
            throw ValidationError("--workers: \(workers) is out of bounds; allowed are 1 to 64")
        }
        if let namespace, namespace.wholeMatch(of: /[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/) == nil {
            throw ValidationError("--namespace: \"\(namespace)\" is not the name of a namespace")
        }
    }
}

enum LogLevel: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warning, error, critical

    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

    var level: Logger.Level {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        case .critical: .critical
        }
    }
}

enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json

    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
