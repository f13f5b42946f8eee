import ArgumentParser
import Glibc
import ReportAPI
import ReportStores

@main
struct ReportOperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report-operator",
        abstract: "Runs long reports on Kubernetes.",
        discussion: """
            Watches ReportRequests, runs the stages of each as Jobs in order, and writes what happened to the request's \
            status.
            """,
        version: Version.current,
        subcommands: [RunCommand.self])

    /// As the library's own, but it ends the process without exit handlers: OpenSSL's would free what the transport's
    /// thread may be using at that moment.
    static func main() async {
        ReportStore.discardCounters()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            _exit(EXIT_SUCCESS)
        } catch {
            let code = exitCode(for: error)
            let stream = code.isSuccess ? STDOUT_FILENO : STDERR_FILENO
            let message = Array("\(fullMessage(for: error))\n".utf8)
            _ = message.withUnsafeBytes { write(stream, $0.baseAddress, $0.count) }
            _exit(code.rawValue)
        }
    }
}
