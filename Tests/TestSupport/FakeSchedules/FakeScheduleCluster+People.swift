import KubernetesModel
package import ReportAPI
import ReportPlanning

/// What people do.
extension FakeScheduleCluster {
    package enum Event: Hashable, Sendable {
        case edit(ReportScheduleSpec)
        case runNow(String)
        case deleteTicks
        case deleteRequests
        case cancelRequests
        case resumeRequests
        case deleteSchedule
        case deleteCronJob
        case meddleWithCronJob
        /// Somebody makes a request of that name.
        case ask(String)
    }

    package mutating func happen(_ event: Event) {
        switch event {
        case .edit(let spec):
            guard var schedule = world.schedule?.object else { return }
            schedule.spec = .value(spec)
            schedule.metadata.generation += 1
            schedule.metadata.resourceVersion = nextResourceVersion()
            world.schedule = Versioned(schedule)
        case .runNow(let name):
            if let cronJob = world.cronJob?.object { makeTick(name, of: cronJob, isManual: true) }
        case .deleteTicks:
            for uid in world.ticks.keys.sorted() { delete(tick: uid) }
        case .deleteRequests:
            let time = now
            for uid in world.requests.keys.sorted() { edit(uid) { $0.metadata.deletionTimestamp = time } }
        case .cancelRequests:
            for uid in world.requests.keys.sorted() {
                edit(uid) { if !($0.status?.isTerminal ?? false) { $0.setSpec { $0.cancel = true } } }
            }
        case .resumeRequests:
            for uid in world.requests.keys.sorted() { resume(uid) }
        case .deleteSchedule:
            world.schedule = nil
        case .deleteCronJob:
            world.cronJob = nil
        case .meddleWithCronJob:
            guard var cronJob = world.cronJob?.object else { return }
            cronJob.spec.concurrencyPolicy = "Allow"
            cronJob.spec.jobTemplate.spec.parallelism = 1
            cronJob.spec.jobTemplate.spec.ttlSecondsAfterFinished = 0
            cronJob.metadata.resourceVersion = nextResourceVersion()
            world.cronJob = Versioned(cronJob)
        case .ask(let name):
            put(
                ReportRequest(
                    metadata: ObjectMeta(name: name, namespace: "finance", uid: "asked-\(name)"),
                    spec: ReportRequestSpec(pipelineRef: .init(name: "other"))))
        }
        remember()
    }

    private mutating func edit(_ uid: String, _ change: (inout ReportRequest) -> Void) {
        guard var request = world.requests[uid]?.object else { return }
        change(&request)
        put(request)
    }

    private mutating func resume(_ uid: String) {
        guard var request = world.requests[uid]?.object,
            request.status?.phase == .failed || request.status?.phase == .cancelled
        else { return }
        request.setSpec {
            $0.cancel = nil
            $0.attempt = 2
        }
        request.status?.phase = .running
        request.status?.attempt = 2
        ages[uid] = 0
        put(request)
    }
}

extension ReportRequest {
    fileprivate mutating func setSpec(_ change: (inout ReportRequestSpec) -> Void) {
        guard var value = spec.value else { return }
        change(&value)
        spec = .value(value)
    }
}

extension ReportScheduleSpec {
    /// Every minute, a request with a placeholder.
    package static func fixture(
        _ policy: ConcurrencyPolicy = .forbid, history: History? = nil
    ) -> ReportScheduleSpec {
        ReportScheduleSpec(
            schedule: "* * * * *", concurrencyPolicy: policy, history: history,
            request: .init(
                spec: ReportRequestSpec(
                    pipelineRef: .init(name: "trial-balance"), parameters: ["period": .string("{month-1}")])))
    }

    package func with(_ change: (inout ReportScheduleSpec) -> Void) -> ReportScheduleSpec {
        var copy = self
        change(&copy)
        return copy
    }

    package var zoned: ReportScheduleSpec { with { $0.timeZone = "Europe/Berlin" } }

    /// With a fault: it belongs to a run.
    package var faulty: ReportScheduleSpec { with { $0.request.spec.attempt = 2 } }
}
