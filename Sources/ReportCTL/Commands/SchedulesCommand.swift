import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import ReportPlanning
import ZoneFiles

struct SchedulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules",
        abstract: "List schedules, with their next run; or show one.",
        discussion: """
            For example: schedules -A
                         schedules monthly -n finance
            """,
        aliases: ["schedule"])

    @Argument(help: "The schedule. Default: all of them.", completion: Completion.schedules)
    var name: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var scope: ScopeOptions

    func validate() throws {
        try scope.refuse(beside: name)
        try NameArgument.check(name, of: "schedule")
    }

    func run() async throws {
        let session = try scope.cluster.session()
        if let name { return try await show(name, session) }
        let namespace = scope.namespace(of: session)
        if output.output == .json || output.output == .yaml {
            let list = try await session.explaining {
                try await session.cluster.wholeList(ReportSchedule.resourceKind, namespace: namespace)
            }
            return try Out.value(list, as: output.output ?? .json)
        }
        let schedules = try await session.explaining {
            try await session.cluster.items(ReportSchedule.self, namespace: namespace)
        }
        if output.output == .name {
            return schedules.forEach { Out.line("reportschedule.\(ReportsAPI.group)/\($0.metadata.name)") }
        }
        guard !schedules.isEmpty else {
            return Out.hint("No schedules found. Elsewhere: \(session.commandEverywhere("schedules"))")
        }
        let table = Self.view.table(
            schedules.sorted { $0.key < $1.key }, isWide: output.output == .wide, showsNamespace: scope.allNamespaces)
        Out.write(table.rendered(.standardOutput()))
        guard output.output != .wide, let faulty = schedules.first(where: { $0.status?.ready?.status == "False" })
        else { return }
        let command = session.command("schedules", faulty.metadata, isEverywhere: scope.allNamespaces)
        Out.hint("  why one isn't ready: \(command)")
    }

    private static var view: ScheduleView {
        let zones = ZoneFiles()
        return ScheduleView(now: Timestamp(Date.now), moments: .local) { try? zones.rules($0) }
    }

    private func show(_ name: String, _ session: Session) async throws {
        let schedule = try await session.schedule(name)
        switch output.output {
        case .json, .yaml:
            let whole = try await session.whole(ReportSchedule.resourceKind, name)
            return try Out.value(whole, as: output.output ?? .json)
        case .name: return Out.line("reportschedule.\(ReportsAPI.group)/\(name)")
        case .wide, nil: break
        }
        let terminal = Terminal.standardOutput()
        // They are an addition: a caller who may not list requests sees the rest.
        let requests = try? await session.cluster.items(
            ReportRequest.self, namespace: schedule.metadata.namespace,
            selector: "\(ReportsAPI.Label.scheduleUID)=\(schedule.metadata.uid)")
        let runs = requests?.filter { $0.isMade(forSchedule: schedule.metadata.uid) }
        for line in Self.view.details(schedule, runs: runs) { Out.line(line.rendered(color: terminal.usesColor)) }
        if schedule.status?.cronJob != nil, schedule.status?.ready?.status != "False" {
            Out.hint("\nRun it now: \(session.command("run-now", name))")
        }
    }
}
