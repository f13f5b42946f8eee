import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI

struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show a report request, with a timeline of its stages.",
        aliases: ["show", "get"])

    @Argument(help: "The request.", completion: Completion.requests)
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws { try NameArgument.check(name, of: "request") }

    func run() async throws {
        let session = try cluster.session()
        let request = try await session.request(name)
        switch output.output {
        case .json, .yaml:
            let whole = try await session.whole(ReportRequest.resourceKind, name)
            try Out.value(whole, as: output.output ?? .json)
        case .name: Out.line("reportrequest.\(ReportsAPI.group)/\(name)")
        case .wide, nil:
            let terminal = Terminal.standardOutput()
            let description = Description(terminal: terminal, moments: .local, isWide: output.output == .wide)
            for line in description.lines(request, now: Timestamp(Date.now)) {
                Out.line(line.rendered(color: terminal.usesColor))
            }
            for line in NextSteps.lines(request, command: session.command) { Out.hint("  " + line) }
        }
    }
}
