import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportPlanning

/// Carries plans for schedules out: the actions in order up to the first that fails, the status, then what failed before.
///
/// What the API server answers goes into the cache at once, so that the next look sees it before the watch tells.
struct ScheduleApplier: Sendable {
    /// The schedule that a plan is for.
    struct Subject {
        let uid: String
        let namespace: String
        let generation: Int64
        let schedule: ReportSchedule?
    }

    let writer: ClusterWriter
    let cache: ScheduleCache
    let setbacks: Setbacks<ObservedSchedule.Setback>
    let api: CronJobAPI
    let metrics: ScheduleMetrics
    let logger: Logger

    func apply(_ plan: SchedulePlan, to subject: Subject) async throws {
        for action in plan.actions { try await perform(action, for: subject) }
        if let status = plan.status, let schedule = subject.schedule { try await write(status, to: schedule) }
        for action in plan.retries { try await perform(action, for: subject) }
    }

    private func perform(_ action: ScheduleAction, for subject: Subject) async throws {
        switch action {
        case .createCronJob(let name, let manifest):
            try await createCronJob(name, manifest, for: subject)
        case .updateCronJob(let name, let patch):
            try await updateCronJob(name, patch, for: subject)
        case .createRequest(let tick, let request):
            try await create(request, of: tick, for: subject)
        case .markTick(let name, let uid, let served):
            try await mark(name, uid, served, in: subject)
        case .setFinalizers(let name, let version, let finalizers):
            try await patch(
                request: name,
                .object([
                    "metadata": .object([
                        "resourceVersion": .string(version), "finalizers": .strings(finalizers),
                    ])
                ]), in: subject)
        case .confirmTickIsGone(let uid):
            try await confirmTickIsGone(uid, in: subject, orGoing: false)
        case .confirmRequestIsGone(let name, let uid):
            try await confirmRequestIsGone(name, uid, in: subject)
        case .confirmTickWasDeletedAlone(let uid, let cronJob, let cronJobUID):
            try await confirmTickIsGone(uid, in: subject, orGoing: true)
            try await confirmStays(CronJob.self, kind: api.kind, name: cronJob, uid: cronJobUID, in: subject)
            try await confirmStays(
                ReportSchedule.self, kind: ReportSchedule.resourceKind, name: subject.schedule?.metadata.name ?? "",
                uid: subject.uid, in: subject)
        case .confirmTickIsUnserved(let tick, let names):
            try await confirmUnserved(tick, names, in: subject)
        case .cancelRequest(let name, let version):
            try await patch(
                request: name,
                .object([
                    "metadata": .object([
                        "resourceVersion": .string(version),
                        "labels": .strings([ReportsAPI.Label.replaced: "true"]),
                    ]),
                    "spec": .object(["cancel": .bool(true)]),
                ]), in: subject)
            log("Cancelled request whose tick was deleted", "request", name, of: subject)
        case .deleteTick(let name, let uid):
            try await delete(Tick.self, name, DeleteOptions(propagation: .background, uid: uid), in: subject)
        case .deleteRequest(let name, let uid, let version):
            try await delete(
                ReportRequest.self, name,
                DeleteOptions(propagation: .background, uid: uid, resourceVersion: version), in: subject)
            log("Deleted request that the schedule's history has no place for", "request", name, of: subject)
        }
    }

    // MARK: Status

    private func write(_ status: ReportScheduleStatus, to schedule: ReportSchedule) async throws {
        try await writer.patch(
            cache.schedules, name: schedule.metadata.name, namespace: schedule.metadata.namespace,
            merge: ScheduleStatusPatch(schedule, to: status), subresource: .status)
    }

    // MARK: Ticks

    private func mark(_ name: String, _ uid: String, _ served: Tick.Served, in subject: Subject) async throws {
        let annotations = [
            ReportsAPI.Annotation.request: served.request, ReportsAPI.Annotation.requestUID: served.uid,
        ]
        let patch = JSONValue.object([
            "metadata": .object(["uid": .string(uid), "annotations": .strings(annotations)])
        ])
        // Gone, or another Job of that name has come since.
        let gone = Stale(what: "the tick has gone")
        do {
            guard try await writer.patch(cache.ticks, name: name, namespace: subject.namespace, merge: patch) != nil
            else { throw gone }
        } catch {
            if let error = error as? KubernetesError, error.isInvalid { throw gone }
            throw error
        }
    }

    /// `orGoing`: whether one that is being deleted counts as gone.
    private func confirmTickIsGone(_ uid: String, in subject: Subject, orGoing: Bool) async throws {
        let ticks = try await writer.client.listAll(
            Tick.self, namespace: subject.namespace,
            labelSelector: "\(ReportsAPI.Label.scheduleUID)=\(subject.uid)"
        ) { $0.metadata.uid == uid ? $0 : nil }
        let cronJob = (subject.schedule?.metadata).map(ScheduleCronJob.name)
        guard let tick = ticks.kept.first, cronJob.map(tick.isOwned) ?? true
        else { return }
        if orGoing, tick.metadata.isDeleting { return }
        cache.ticks.record(tick)
        throw Stale(what: "the tick is there, but the watch hasn't delivered it yet")
    }

    // MARK: Requests

    private func patch(request name: String, _ patch: JSONValue, in subject: Subject) async throws {
        try await writer.patch(cache.requests, name: name, namespace: subject.namespace, merge: patch)
    }

    private func confirmRequestIsGone(_ name: String, _ uid: String, in subject: Subject) async throws {
        guard let found = try await find(ReportRequest.self, name: name, in: subject), found.metadata.uid == uid
        else { return }
        cache.requests.record(found.trimmedForCache)
        throw Stale(what: "the request is there, but the watch hasn't delivered it yet")
    }

    // MARK: Shared

    /// The object as the API server has it now; nil where it has none.
    func find<R: KubernetesResource>(
        _ type: R.Type, kind: ResourceKind = R.resourceKind, name: String, in subject: Subject
    ) async throws -> R? {
        try await writer.find(type, kind: kind, name: name, namespace: subject.namespace)
    }

    private func confirmStays<R: KubernetesResource>(
        _ type: R.Type, kind: ResourceKind, name: String, uid: String, in subject: Subject
    ) async throws {
        guard let found = try await find(type, kind: kind, name: name, in: subject), found.metadata.uid == uid,
            !found.metadata.isDeleting
        else { throw Stale(what: "the owner of the tick goes too, but the watch hasn't delivered it yet") }
    }

    private func delete<R: KubernetesResource>(
        _ type: R.Type, _ name: String, _ options: DeleteOptions, in subject: Subject
    ) async throws {
        _ = try await writer.delete(type, name: name, namespace: subject.namespace, options: options)
    }

    func setback(
        _ setback: ObservedSchedule.Setback, of name: String, in subject: Subject
    ) -> NotMade<ObservedSchedule.Setback> {
        setbacks.note(setback, of: name, owner: subject.uid, generation: subject.generation)
    }

    func log(_ message: Logger.Message, _ kind: String, _ name: String, of subject: Subject) {
        var metadata = subject.logMetadata
        metadata[kind] = "\(name)"
        logger.info(message, metadata: metadata)
    }
}

extension ScheduleApplier.Subject {
    /// What every log line about a schedule says.
    var logMetadata: Logger.Metadata {
        ["schedule": "\(schedule?.key.description ?? namespace)", "schedule.uid": "\(uid)"]
    }
}
