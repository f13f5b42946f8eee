import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI

struct RunNowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-now",
        abstract: "Run a schedule's report at once.",
        discussion: "As `kubectl create job --from=cronjob/…` does it: the operator makes a request of the Job.")

    @Argument(help: "The schedule.", completion: Completion.schedules)
    var schedule: String

    @OptionGroup var follow: FollowOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws { try NameArgument.check(schedule, of: "schedule") }

    func run() async throws {
        let session = try cluster.session()
        let found = try await session.schedule(schedule, code: .usage)
        let name = try Self.cronJobName(of: found, advice: [session.command("schedules"), session.command("doctor")])
        let tick = ManualTick(try await cronJob(name, session))
        try await create(tick, session)
        let request = try await request(tick.name, session)
        follow.announce("reportrequest.\(ReportsAPI.group)/\(request.metadata.name) created")
        guard follow.wait || follow.follow else {
            return Out.hint("  watch: \(session.command("watch", request.metadata.name))")
        }
        try await follow.conclude(request, attempt: 1, session: session)
    }

    /// Refuses a schedule that isn't ready: the operator would make nothing of the Job.
    static func cronJobName(of schedule: ReportSchedule, advice: [String]) throws(Trouble) -> String {
        let (name, ready) = (schedule.metadata.name, schedule.status?.ready)
        if let ready, ready.status == "False" {
            throw Trouble("\(name) is not ready: \(ready.message)", advice: advice)
        }
        guard let cronJob = schedule.status?.cronJob else {
            throw Trouble(
                "\(name) has no CronJob yet: \(ready?.message ?? "the operator hasn't seen it")", advice: advice)
        }
        return cronJob
    }

    /// The Job's name is new, so one that is there already is ours, made by a try whose answer got lost.
    private func create(_ tick: ManualTick, _ session: Session) async throws {
        let outcome = try await session.create { client throws(KubernetesError) in
            try await client.createWhole(Job.resourceKind, manifest: tick.manifest, namespace: session.namespace)
        }
        switch outcome {
        case .created, .exists: Out.hint("job.batch/\(tick.name) created")
        case .unknown(let error):
            throw Trouble(
                "the API server doesn't say whether it made the Job \(tick.name): \(error.message)",
                advice: [
                    "before you try again, see whether it is there: kubectl get job \(tick.name) -n \(session.namespace)"
                ])
        }
    }

    /// `batch/v1`, or `v1beta1` where the server has no other.
    private func cronJob(_ name: String, _ session: Session) async throws -> JSONValue {
        for version in ["v1", "v1beta1"] {
            let kind = ResourceKind(group: "batch", version: version, kind: "CronJob", plural: "cronjobs")
            do throws(KubernetesError) {
                return try await session.client.whole(kind, name: name, namespace: session.namespace)
            } catch {
                guard error.isNotFound else { throw Trouble(error, session: session) }
            }
        }
        throw Trouble("the CronJob \"\(name)\" is gone", advice: [session.command("schedules")])
    }

    /// The operator's answer to the tick, which bears its name.
    private func request(_ tick: String, _ session: Session) async throws -> ReportRequest {
        let list = LiveList<ReportRequest>(
            session: session, namespace: session.namespace, fieldSelector: "metadata.name=\(tick)")
        let (found, sink) = AsyncThrowingStream.makeStream(of: ReportRequest.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                do {
                    try await list.run { change in
                        if case .objects(let objects) = change, let request = objects.first { sink.yield(request) }
                    }
                } catch { sink.finish(throwing: error) }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                sink.finish(
                    throwing: Trouble(
                        "the operator has made no request of Job \(tick) within 30 seconds",
                        advice: [
                            session.command("schedules", "-o", "wide"), session.command("doctor"),
                            "take it back: kubectl delete job \(tick) -n \(session.namespace)",
                        ]))
            }
            for try await request in found { return request }
            throw CancellationError()
        }
    }
}

/// A Job like those that a CronJob makes, but made by hand.
struct ManualTick: Sendable {
    let name: String
    let manifest: JSONValue

    init(_ cronJob: JSONValue) {
        let metadata = cronJob["metadata"]
        let template = cronJob["spec"]?["jobTemplate"]
        let base = metadata?["name"]?.string ?? ""
        name = Submission.uniqueName(String(base.prefix(46)) + "-manual")
        let annotations = (template?["metadata"]?["annotations"] ?? .object([:]))
            .merging(.object(["cronjob.kubernetes.io/instantiate": .string("manual")]))
        let owner: JSONValue = .compact([
            "apiVersion": cronJob["apiVersion"], "kind": .string("CronJob"), "name": metadata?["name"],
            "uid": metadata?["uid"], "controller": .bool(true),
        ])
        manifest = .object([
            "apiVersion": .string("batch/v1"), "kind": .string("Job"),
            "metadata": .compact([
                "name": .string(name), "annotations": annotations, "labels": template?["metadata"]?["labels"],
                "ownerReferences": .array([owner]),
            ]),
            "spec": template?["spec"] ?? .object([:]),
        ])
    }
}
