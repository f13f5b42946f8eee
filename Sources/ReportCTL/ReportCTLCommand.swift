import ArgumentParser
import FoundationEssentials
import Glibc
import ReportAPI
import ReportStores

@main
struct ReportCTLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Program.name,
        abstract: "Requests reports and shows what became of them.",
        discussion: """
            Works on the ReportRequests, ReportPipelines, ReportSchedules, ReportDeliveries and ReportChannels of the cluster \
            that kubectl would use.

            Exit codes: 0 the run Succeeded, or the command worked; 1 the run Failed, or a check did; 2 invalid arguments; \
            3 the run was Cancelled; 4 it failed, or the outcome is unknown (no connection, no permission, nothing of that \
            name); 130 ended by Ctrl-C.
            """,
        version: Version.current,
        subcommands: [
            SubmitCommand.self, ListCommand.self, DescribeCommand.self, WatchCommand.self, WaitCommand.self,
            LogsCommand.self, CancelCommand.self, RetryCommand.self, HistoryCommand.self, ReportCommand.self,
            ResultCommand.self, DeliveriesCommand.self, ResendCommand.self, ChannelsCommand.self,
            PipelinesCommand.self, SchedulesCommand.self, RunNowCommand.self, QueueCommand.self, LintCommand.self,
            ArchiveCommand.self, EraseCommand.self, DoctorCommand.self,
        ])

    /// As the library's own, but with exit codes of ours, and it ends the process without exit handlers: OpenSSL's would
    /// free what the transport's thread may be using at that moment.
    static func main() async {
        ReportStore.discardCounters()
        do {
            // The synchronous one can't complete names of the cluster.
            var command = try await asyncParseAsRoot()
            let kind = type(of: command)
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch let error as ValidationError {
                Out.hint(message(for: error, of: kind))
                _exit(ExitCode.usage.rawValue)
            }
            _exit(EXIT_SUCCESS)
        } catch let trouble as Trouble {
            Out.trouble(trouble)
            _exit(trouble.code.rawValue)
        } catch {
            let code = exitCode(for: error)
            let message = fullMessage(for: error)
            if code.isSuccess {
                Out.line(message)
            } else if !message.isEmpty {
                Out.hint(message)
            }
            _exit((code == .validationFailure ? .usage : code).rawValue)
        }
    }

    /// What the library says of an option that it refuses itself: it takes one that a running command refuses for the
    /// root's.
    static func message(for error: ValidationError, of command: any ParsableCommand.Type) -> String {
        let words = [configuration.commandName, command.configuration.commandName].compactMap(\.self)
        return """
            Error: \(error.message)
            Usage: \(usageString(for: command))
              See '\(words.joined(separator: " ")) --help' for more information.
            """
    }
}
