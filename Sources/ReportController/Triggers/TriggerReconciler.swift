import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import ZoneFiles

/// Observe, plan, apply: one pass for one trigger.
struct TriggerReconciler: Sendable {
    let cache: TriggerCache
    let setbacks: Setbacks<ObservedTrigger.Setback>
    /// One that reads nothing back: the watch brings the newer trigger.
    let writer: ClusterWriter
    let zones: ZoneFiles
    let metrics: TriggerMetrics
    let logger: Logger
    let now: @Sendable () -> Date

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        // What is in the cache is old while it can't be read, and nothing is to be written on its strength.
        guard let trigger = cache.triggers.get(key), cache.triggers.undecodable(key) == nil else { return .done }
        let plan = TriggerPlanner.plan(observe(trigger), now: Timestamp(now()))
        do {
            try await apply(plan, to: trigger)
        } catch let error as Stale {
            logger.debug("Requeued", metadata: ["trigger": "\(key)", "why": "\(error)"])
            return .lookAgain
        } catch let error as NotMade<ObservedTrigger.Setback> where error.isNew {
            logger.warning(
                "A request of a trigger can't be created", metadata: ["trigger": "\(key)", "error": "\(error)"])
            return .requeue(after: .zero)
        }
        // What was made, or failed before and has gone well, is to be told.
        if !plan.requests.isEmpty || !plan.retries.isEmpty { return .requeue(after: .zero) }
        guard let wakeAt = plan.wakeAt else { return .done }
        return .requeue(after: .seconds(max(0, wakeAt.date.timeIntervalSince(now())) + 0.01))
    }

    // MARK: Observing

    /// What a decision about a trigger rests on, from the caches alone.
    func observe(_ trigger: ReportTrigger) -> ObservedTrigger {
        let metadata = trigger.metadata
        var requests: [String: Timestamp] = [:]
        for name in TriggerPlanner.requestNames(of: trigger) {
            guard let request = cache.requests.get(ObjectKey(namespace: metadata.namespace, name: name)),
                request.isMade(forTrigger: metadata.uid)
            else { continue }
            requests[name] = request.metadata.creationTimestamp ?? Timestamp(now())
        }
        return ObservedTrigger(
            trigger: trigger, pipeline: pipeline(of: trigger), requests: requests,
            setbacks: setbacks.of(metadata.uid, generation: metadata.generation))
    }

    private func pipeline(of trigger: ReportTrigger) -> ObservedTrigger.Pipeline {
        guard let name = trigger.spec.value?.request.pipelineRef.name else { return .unknown }
        let key = ObjectKey(namespace: trigger.metadata.namespace, name: name)
        guard cache.pipelines.undecodable(key) == nil else { return .unknown }
        guard let pipeline = cache.pipelines.get(key) else { return .missing }
        return .found(pipeline, zoneFault: zones.fault(of: pipeline.spec.value?.report?.timeZone))
    }

    // MARK: Applying

    /// The requests in order up to the first that fails, the status, then what failed before. What the API server answers goes
    /// into the cache at once, so that the next look sees it before the watch tells.
    private func apply(_ plan: TriggerPlan, to trigger: ReportTrigger) async throws {
        for request in plan.requests { try await create(request, of: trigger) }
        if let status = plan.status {
            try await writer.patch(
                cache.triggers, name: trigger.metadata.name, namespace: trigger.metadata.namespace,
                merge: TriggerStatusPatch(trigger, to: status), subresource: .status)
        }
        for request in plan.retries { try await create(request, of: trigger) }
    }

    private func create(_ request: TriggerRequest, of trigger: ReportTrigger) async throws {
        let (uid, namespace) = (trigger.metadata.uid, trigger.metadata.namespace)
        func setback(_ setback: ObservedTrigger.Setback) -> NotMade<ObservedTrigger.Setback> {
            setbacks.note(setback, of: request.name, owner: uid, generation: trigger.metadata.generation)
        }
        switch try await writer.create(ReportRequest.self, manifest: request, namespace: namespace) {
        case .created(let created):
            cache.requests.record(created.trimmedForCache)
            metrics.made.increment()
            logger.info(
                "Created request of alert", metadata: ["trigger": "\(trigger.key)", "request": "\(request.name)"])
        case .nameIsTaken:
            // Made by an earlier pass whose answer was lost, perhaps.
            guard let found = try await writer.find(ReportRequest.self, name: request.name, namespace: namespace) else {
                throw Stale(what: "the request that had the name has just gone")
            }
            guard found.isMade(forTrigger: uid) else { throw setback(.taken) }
            cache.requests.record(found.trimmedForCache)
        case .refused(let message): throw setback(.refused(message))
        case .postponed(let message): throw setback(.postponed(message))
        }
        setbacks.clear(request.name, owner: uid)
    }
}

extension ObservedTrigger.Setback: NotedSetback {
    func judged(after waited: Duration, patience: Duration?) -> Self { self }

    /// Messages of quotas hold figures that change with each try.
    func isNews(after earlier: Self?) -> Bool {
        switch (earlier, self) {
        case (.refused, .refused), (.postponed, .postponed), (.taken, .taken): false
        default: true
        }
    }

    func explanation(of name: String) -> String {
        switch self {
        case .refused(let message): "\(name) was refused: \(message)"
        case .postponed(let message): "\(name) can't be created yet: \(message)"
        case .taken: "\(name) is the name of something else"
        }
    }
}
