import ArgumentParser

@main
struct ReportOperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "report-operator")
}
