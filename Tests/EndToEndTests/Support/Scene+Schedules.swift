import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI

extension Manifest {
    /// A schedule of a pipeline of the same name; `more` are other fields of its `spec`, in YAML's flow style.
    static func schedule(
        _ name: String, at times: String = "0 0 1 1 *", _ more: String = "", parameters: String = "{}",
        stages: String...
    ) -> String {
        let request = "request: {spec: {pipelineRef: {name: \(name)}, parameters: \(parameters)}}"
        let fields = ["schedule: \(quoted(times))", request, more].filter { !$0.isEmpty }
        return """
            apiVersion: reports.ers.dev/v1
            kind: ReportPipeline
            metadata: {name: \(name)}
            spec: {parameters: [{name: at, type: string}], stages: [\(stages.joined(separator: ", "))]}
            ---
            apiVersion: reports.ers.dev/v1
            kind: ReportSchedule
            metadata: {name: \(name)}
            spec: {\(fields.joined(separator: ", "))}

            """
    }
}

extension Scene {
    /// Longer than two minutes to their ends, and the CronJob controller's ten seconds.
    static let twoTicks = Duration.seconds(200)

    @discardableResult
    func schedule(
        _ name: String, within limit: Duration = .seconds(90), _ what: String,
        until holds: @escaping @Sendable (ReportScheduleStatus) -> Bool
    ) async throws -> ReportSchedule {
        let found = try await cluster.wait(
            for: ReportSchedule.self, name, in: namespace, within: limit, what
        ) { $0?.status.map(holds) ?? false }
        guard let found else { throw Failed(description: "there is no schedule \(name)") }
        return found
    }

    /// The schedule, once its CronJob is as its present spec says.
    @discardableResult
    func settledSchedule(_ name: String) async throws -> ReportSchedule {
        let found = try await cluster.wait(
            for: ReportSchedule.self, name, in: namespace, within: .seconds(90), "ready"
        ) { schedule in
            guard let ready = schedule?.status?.ready else { return false }
            return ready.isTrue && ready.observedGeneration == schedule?.metadata.generation
        }
        guard let found else { throw Failed(description: "there is no schedule \(name)") }
        return found
    }

    func patchSchedule(_ name: String, _ patch: String) async throws {
        try await kubectl("patch", "reportschedule", name, "--type=merge", "-p", patch)
    }

    /// The schedule's requests, the oldest first, once there are that many.
    func requests(of schedule: String, count: Int, within limit: Duration = twoTicks) async throws -> [ReportRequest] {
        try await cluster.wait(
            forAll: ReportRequest.self, selector: "\(ReportsAPI.Label.schedule)=\(schedule)", in: namespace,
            within: limit, "\(count) requests of \(schedule)"
        ) { $0.count >= count }.sorted { $0.metadata.name < $1.metadata.name }
    }

    /// The ticks of a schedule, the oldest first.
    func ticks(of schedule: String) async throws -> [Tick] {
        try await cluster.client.list(
            Tick.self, namespace: namespace,
            options: ListOptions(labelSelector: "\(ReportsAPI.Label.schedule)=\(schedule)")
        ).items.sorted { $0.metadata.name < $1.metadata.name }
    }

    func waitUntilTickIsGone(_ name: String) async throws {
        try await cluster.wait(for: Tick.self, name, in: namespace, within: .seconds(90), "gone") { $0 == nil }
    }
}
