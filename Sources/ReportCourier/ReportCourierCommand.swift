import ArgumentParser
import DaemonSupport
import ProgramPages
import ReportAPI

@main
struct ReportCourierCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report-courier",
        abstract: "Makes the files of reports for their readers.",
        discussion: """
            Makes PDF, workbook, CSV, HTML and JSON of what reports have published, when somebody wants one, and keeps \
            them in MongoDB.
            """,
        version: Version.current,
        subcommands: [RunCommand.self, SignInCommand.self, RenderCommand.self])

    static func main() async {
        // Loading its libraries has read most of their tables once; a process that makes one file needs few of them.
        ProgramPages.drop()
        await Daemon.main(Self.self)
    }
}
