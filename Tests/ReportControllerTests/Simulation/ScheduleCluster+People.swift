import KubernetesModel
import ReportAPI
import TestSupport

/// What people do.
extension ScheduleCluster {
    enum Event: Hashable, Sendable {
        case edit(ReportScheduleSpec)
        case runNow(String)
        case deleteTicks
        case deleteRequests
        case cancelRequests
        case resumeRequests
        case deleteSchedule
        case deleteCronJob
        case meddleWithCronJob
        case deletePipeline
        case makePipeline
        /// Replaces what it is by something else, such as what no request can run.
        case editPipeline(PipelineSpec)
        /// Somebody makes a request of that name.
        case ask(String)
    }

    mutating func happen(_ event: Event) {
        switch event {
        case .edit(let spec):
            // As with `kubectl replace`: what the new one doesn't name goes.
            guard let schedule, let old = try? JSONValue(encoding: schedule.spec),
                let new = try? JSONValue(encoding: spec)
            else { return }
            try? server.patch(ReportSchedule.self, schedule.key, .object(["spec": old.patch(to: new)]))
        case .runNow(let name):
            if let cronJob { makeTick(name, of: cronJob, isManual: true) }
        case .deleteTicks:
            for tick in ticks { delete(tick) }
        case .deleteRequests:
            for request in requests {
                deletedByOthers.insert(request.metadata.uid)
                try? server.delete(ReportRequest.self, request.key)
            }
        case .cancelRequests:
            for request in requests where !(request.status?.isTerminal ?? false) {
                edit(request, ["cancel": .bool(true)])
            }
        case .resumeRequests:
            for request in requests { resume(request) }
        case .deleteSchedule:
            if let schedule { try? server.delete(ReportSchedule.self, schedule.key) }
        case .deleteCronJob:
            if let cronJob { try? server.delete(CronJob.self, cronJob.key) }
        case .meddleWithCronJob:
            guard let cronJob else { return }
            let job = JSONValue.object(["parallelism": .integer(1), "ttlSecondsAfterFinished": .integer(0)])
            try? server.patch(
                CronJob.self, cronJob.key,
                .object([
                    "spec": .object([
                        "concurrencyPolicy": .string("Allow"), "jobTemplate": .object(["spec": job]),
                    ])
                ]))
        case .deletePipeline: try? server.delete(ReportPipeline.self, Self.pipeline.key)
        case .makePipeline: try? server.insert(Self.pipeline)
        case .editPipeline(let spec):
            guard let spec = try? JSONValue(encoding: spec) else { return }
            try? server.patch(ReportPipeline.self, Self.pipeline.key, .object(["spec": spec]))
        case .ask(let name):
            try? server.insert(
                ReportRequest(
                    metadata: ObjectMeta(name: name, namespace: "finance", creationTimestamp: now),
                    spec: ReportRequestSpec(pipelineRef: .init(name: "other"))))
        }
    }

    private func edit(_ request: ReportRequest, _ spec: JSONObject) {
        try? server.patch(ReportRequest.self, request.key, .object(["spec": .object(spec)]))
    }

    private mutating func resume(_ request: ReportRequest) {
        guard request.status?.phase == .failed || request.status?.phase == .cancelled, var status = request.status
        else { return }
        edit(request, ["cancel": .null, "attempt": .integer(2)])
        status.phase = .running
        status.attempt = 2
        ages[request.metadata.uid] = 0
        write(status, of: request)
    }
}

extension ReportScheduleSpec {
    /// With a zone that ticks at other times than UTC does.
    var zoned: ReportScheduleSpec { with { $0.timeZone = "Europe/Berlin" } }

    /// With a fault: it belongs to a run.
    var faulty: ReportScheduleSpec { with { $0.request.spec.attempt = 2 } }
}
