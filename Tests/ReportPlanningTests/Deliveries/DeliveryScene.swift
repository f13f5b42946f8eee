import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport

/// A run of one stage whose end sends something, brought on by the planner itself.
struct DeliveryScene {
    typealias Known = ObservedRun.Deliveries

    var request: ReportRequest
    var known = Known(channels: [.mail(), .folder()])
    /// Nil: the operator runs without MongoDB.
    var record = ObservedRun.Record.notConfigured

    init(_ deliver: [DeliverSpec]?, _ edit: (inout ReportRequestSpec) -> Void = { _ in }) {
        request = .fixture(.chain("a")).spec { spec in
            spec.deliver = deliver
            edit(&spec)
        }
    }

    /// What is planned for it; `known`: nil for an operator that makes no deliveries.
    func plan(
        knowing known: Known?, jobs: [Job] = [], setbacks: [String: ObservedRun.Setback] = [:], after seconds: Int64 = 0
    ) -> RunPlan {
        RunPlanner.plan(
            ObservedRun(request: request, jobs: jobs, setbacks: setbacks, record: record, deliveries: known),
            now: .start.after(seconds))
    }

    func plan(setbacks: [String: ObservedRun.Setback] = [:], after seconds: Int64 = 0) -> RunPlan {
        plan(knowing: known, setbacks: setbacks, after: seconds)
    }

    mutating func accept(knowing known: Known?) { request = request.applying(plan(knowing: known)) }

    /// Accepts it and brings its run to that end.
    mutating func end(_ phase: ReportRequestStatus.Phase) {
        accept(knowing: known)
        let job = Job.fixture(of: request, stage: "a", attempt: request.status?.attempt ?? 1)
        switch phase {
        case .succeeded: request = request.applying(plan(knowing: known, jobs: [job.complete()]))
        case .failed: request = request.applying(plan(knowing: known, jobs: [job.failed()], after: 999))
        case .cancelled: request = request.cancelling().applying(cancelling)
        case .queued, .running, .cancelling: break
        }
    }

    private var cancelling: RunPlan {
        RunPlanner.plan(
            ObservedRun(request: request.cancelling(), record: record, deliveries: known), now: .start)
    }

    /// Carries out what is planned, as an API server that takes everything would have it.
    mutating func deliver() {
        let plan = plan()
        for delivery in plan.deliveries { see(delivery) }
        request = request.applying(plan)
        request = request.applying(self.plan())
    }

    /// Shows what the courier has made of a delivery so far.
    mutating func see(
        _ delivery: RunDelivery, _ phase: ReportDeliveryStatus.Phase? = nil, _ message: String? = nil
    ) {
        var status = ReportDeliveryStatus()
        status.phase = phase
        status.message = message
        known.made[delivery.name] = ReportDelivery(
            metadata: ObjectMeta(
                name: delivery.name, namespace: delivery.metadata.namespace, labels: delivery.metadata.labels),
            spec: delivery.spec, status: phase == nil ? nil : status)
    }

    var delivered: Condition? { request.status?.condition(.delivered) }
}

extension RunPlan {
    var deliveries: [RunDelivery] {
        actions.compactMap { action in
            guard case .createDelivery(let delivery) = action else { return nil }
            return delivery
        }
    }
}
