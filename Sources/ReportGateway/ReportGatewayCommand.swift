import ArgumentParser

@main
struct ReportGatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "report-gateway")
}
