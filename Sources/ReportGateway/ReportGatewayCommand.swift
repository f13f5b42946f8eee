import ArgumentParser
import DaemonSupport
import ReportAPI

@main
struct ReportGatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report-gateway",
        abstract: "The door to reports for people without kubectl and for programs: a web page and a REST API.",
        discussion: """
            Rights are Kubernetes' rights: who asks is taken to the API server, whose RBAC decides and whose audit log \
            names her. It keeps nothing itself, so any number of them may run.
            """,
        version: Version.current,
        subcommands: [RunCommand.self])

    static func main() async { await Daemon.main(Self.self) }
}
