package import ArgumentParser
package import Logging

/// What every program that goes on and on can be told.
package struct DaemonOptions: ParsableArguments {
    @Option(help: "Where /healthz, /readyz and /metrics are served, as ADDRESS:PORT, or off.")
    package var statusAddress: StatusAddress = .default

    @Option(help: "The least severe messages that are logged: \(LogLevel.list).")
    package var logLevel: LogLevel = .info

    @Option(help: "How messages are written to standard error: \(LogFormat.list).")
    package var logFormat: LogFormat = .text

    package init() {}
}

package enum LogLevel: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warning, error, critical

    package static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

    package var level: Logger.Level {
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

package enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json

    package static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
