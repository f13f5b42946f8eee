import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportPlanning
import ZoneFiles

struct SchedulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules",
        abstract: "List schedules, with their next run.",
        aliases: ["schedule"])

    @OptionGroup var output: OutputOptions
    @OptionGroup var scope: ScopeOptions

    func run() async throws {
        let session = try scope.cluster.session()
        let namespace = scope.namespace(of: session)
        if output.output == .json || output.output == .yaml {
            let list = try await Pages.whole(ReportSchedule.resourceKind, namespace: namespace, session: session)
            return try Out.value(list, as: output.output ?? .json)
        }
        let schedules = try await Pages.items(ReportSchedule.self, namespace: namespace, session: session)
        if output.output == .name {
            return schedules.forEach { Out.line("reportschedule.\(ReportsAPI.group)/\($0.metadata.name)") }
        }
        guard !schedules.isEmpty else {
            return Out.hint("No schedules found. Elsewhere: \(session.commandEverywhere("schedules"))")
        }
        let zones = ZoneFiles()
        let view = ScheduleView(now: Timestamp(Date.now), moments: .local) { try? zones.rules($0) }
        let table = view.table(
            schedules.sorted { $0.key < $1.key }, isWide: output.output == .wide, showsNamespace: scope.allNamespaces)
        Out.write(table.rendered(.standardOutput()))
        if output.output != .wide, schedules.contains(where: { $0.status?.ready?.status == "False" }) {
            Out.hint("  why one isn't ready: \(scope.command("schedules", "-o", "wide", session: session))")
        }
    }
}
