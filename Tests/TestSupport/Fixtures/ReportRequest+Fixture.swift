package import KubernetesModel
package import ReportAPI

extension ReportRequest {
    /// A new request with its pipeline inline, of which the operator has noted no more than that it has seen it.
    package static func fixture(
        _ pipeline: PipelineSpec = .chain("extract", "transform", "load"),
        name: String = "tb-2026-10",
        uid: String = "5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11"
    ) -> ReportRequest {
        ReportRequest(
            metadata: ObjectMeta(
                name: name, namespace: "finance", uid: uid, resourceVersion: "1", generation: 1,
                creationTimestamp: .start),
            spec: ReportRequestSpec(pipeline: pipeline), acceptedUID: uid)
    }

    /// As the API server keeps it before the operator has seen it.
    package var unseen: ReportRequest { with { $0.acceptedUID = nil } }

    /// As it comes back from a backup under another uid; its status comes back only where the restore says so.
    package func restored(uid: String, keepingStatus: Bool) -> ReportRequest {
        with { request in
            request.metadata.uid = uid
            request.metadata.creationTimestamp = nil
            request.metadata.resourceVersion = ""
            if !keepingStatus { request.status = nil }
        }
    }

    /// With the labels of one that was made for a tick of that schedule, under the name that it has.
    package func made(
        forSchedule uid: String, named schedule: String = "nightly", tick: String = "t-1"
    ) -> ReportRequest {
        with { request in
            let origin = ReportRequest.origin(
                schedule: uid, tick: tick, namespace: request.metadata.namespace, name: request.metadata.name)
            let labels = [
                ReportsAPI.Label.schedule: schedule, ReportsAPI.Label.scheduleUID: uid,
                ReportsAPI.Label.tickUID: tick, ReportsAPI.Label.origin: origin,
            ]
            request.metadata.labels.merge(labels) { _, own in own }
        }
    }

    package func referring(to pipeline: String) -> ReportRequest {
        spec {
            $0.pipeline = nil
            $0.pipelineRef = .init(name: pipeline)
        }
    }

    package func parameters(_ parameters: JSONObject) -> ReportRequest { spec { $0.parameters = parameters } }

    package func priority(_ priority: Int) -> ReportRequest { spec { $0.priority = priority } }

    package func cancelling(_ cancel: Bool = true) -> ReportRequest { spec { $0.cancel = cancel } }

    package func attempt(_ attempt: Int) -> ReportRequest { spec { $0.attempt = attempt } }

    package func expiring(after seconds: Int) -> ReportRequest { spec { $0.ttlSecondsAfterFinished = seconds } }

    package func created(at time: Timestamp) -> ReportRequest { with { $0.metadata.creationTimestamp = time } }

    package func deleting(at time: Timestamp = .start) -> ReportRequest {
        with { $0.metadata.deletionTimestamp = time }
    }

    /// Edits the spec, which raises the generation as the API server does.
    package func spec(_ edit: (inout ReportRequestSpec) -> Void) -> ReportRequest {
        with { request in
            guard var value = request.spec.value else { return }
            edit(&value)
            request.spec = .value(value)
            if request.status != nil { request.metadata.generation += 1 }
        }
    }

    package func status(_ edit: (inout ReportRequestStatus) -> Void) -> ReportRequest {
        with { request in
            var status = request.status ?? ReportRequestStatus()
            edit(&status)
            request.status = status
        }
    }

    package func with(_ edit: (inout ReportRequest) -> Void) -> ReportRequest {
        var copy = self
        edit(&copy)
        return copy
    }
}
