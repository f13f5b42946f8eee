import KubernetesClient
public import KubernetesModel
public import ReportAPI

/// Why a schedule can't be run now.
public enum ScheduleRefusal: Error, Equatable {
    /// The operator would make nothing of the Job; what the condition says.
    case notReady(String)
    /// What the condition says; nil: the operator hasn't seen the schedule.
    case withoutCronJob(String?)
    /// That CronJob is gone.
    case cronJobGone(String)
    /// The operator has made no request of that Job in time.
    case unanswered(job: String, seconds: Int)
}

extension ReportSchedule {
    /// Refuses a schedule that isn't ready: the operator would make nothing of the Job.
    public var cronJobToRunNow: Result<String, ScheduleRefusal> {
        if let ready = status?.ready, ready.status == "False" { return .failure(.notReady(ready.message)) }
        guard let cronJob = status?.cronJob else { return .failure(.withoutCronJob(status?.ready?.message)) }
        return .success(cronJob)
    }
}

extension ReportCluster {
    /// Makes a schedule's next Job at once.
    public func tick(_ schedule: ReportSchedule) async throws -> ManualTick {
        let name = schedule.metadata.name
        let cronJob: JSONValue
        switch schedule.cronJobToRunNow {
        case .success(let job): cronJob = try await self.cronJob(job, of: name)
        case .failure(let refusal): throw ClientError.schedule(refusal, name: name)
        }
        let tick = ManualTick(cronJob)
        let outcome = try await create { client throws(KubernetesError) in
            try await client.createWhole(Job.resourceKind, manifest: tick.manifest, namespace: namespace)
        }
        // The Job's name is new, so one that is there already is ours, made by a try whose answer got lost.
        switch outcome {
        case .created, .exists: return tick
        case .unknown(let error): throw ClientError.creationUnknown(Job.resourceKind, name: tick.name, error)
        }
    }

    /// `batch/v1`, or `v1beta1` where the server has no other.
    private func cronJob(_ name: String, of schedule: String) async throws(ClientError) -> JSONValue {
        for version in ["v1", "v1beta1"] {
            let kind = ResourceKind(group: "batch", version: version, kind: "CronJob", plural: "cronjobs")
            let found: Result<JSONValue, ClientError>
            do throws(ClientError) {
                found = .success(
                    try await ask { client throws(KubernetesError) in
                        try await client.whole(kind, name: name, namespace: namespace)
                    })
            } catch { found = .failure(error) }
            if case .failure(.api(let error)) = found, error.isNotFound { continue }
            return try found.get()
        }
        throw .schedule(.cronJobGone(name), name: schedule)
    }

    /// The operator's answer to a tick, which bears its name.
    public func request(of tick: ManualTick, schedule: String, within seconds: Int = 30) async throws -> ReportRequest {
        let list = LiveList<ReportRequest>(self, namespace: namespace, fieldSelector: "metadata.name=\(tick.name)")
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
                try await Task.sleep(for: .seconds(seconds))
                sink.finish(
                    throwing: ClientError.schedule(.unanswered(job: tick.name, seconds: seconds), name: schedule))
            }
            for try await request in found { return request }
            throw CancellationError()
        }
    }
}

/// A Job like those that a CronJob makes, but made by hand.
public struct ManualTick: Sendable {
    public let name: String
    public let manifest: JSONValue

    public init(_ cronJob: JSONValue) {
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
