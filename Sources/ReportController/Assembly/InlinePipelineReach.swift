import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning
import ServiceLifecycle

/// Where pipelines are run that requests and schedules bring themselves.
struct InlinePipelineReach: Sendable {
    static let everywhere = InlinePipelineReach(.allowed)

    let rule: InlinePipelineRule
    /// Those that the rule's selector selects; nil where there is nothing to select.
    let namespaces: LabelledNamespaces?

    init(_ rule: InlinePipelineRule) {
        self.rule = rule
        if case .labelled(let selector) = rule {
            namespaces = LabelledNamespaces(selector.description, name: "namespaces of inline pipelines")
        } else {
            namespaces = nil
        }
    }

    func permission(in namespace: String) -> InlinePipelines {
        switch rule {
        case .allowed: .allowed
        case .forbidden: .forbidden
        case .labelled(let selector):
            switch namespaces?.contains(namespace) {
            case nil: .undecided(selector)
            case true?: .allowed
            case false?: .unlabelled(selector)
            }
        }
    }
}

/// Has what brings pipelines looked at again when it becomes known where they are run, and when that changes.
struct InlinePipelineRouter: Service {
    let namespaces: LabelledNamespaces
    let requests: Store<ReportRequest>
    let schedules: Store<ReportSchedule>
    let wakeRequest: @Sendable (ObjectKey) -> Void
    let wakeSchedule: @Sendable (OwnerKey) -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            guard (try? await namespaces.store.waitUntilSynced()) != nil else { return }
            wakeAll()
            namespaces.store.addHandler { change in
                switch change {
                case .added(let namespace), .deleted(let namespace): wakeSchedules(in: namespace.metadata.name)
                case .updated: break
                }
            }
        }
        try? await gracefulShutdown()
    }

    /// What is over, or has been accepted, has nothing to wait for; to look at it costs little, once.
    func wakeAll() {
        for request in requests.all() where request.bringsPipeline { wakeRequest(request.key) }
        for schedule in schedules.all() where schedule.bringsPipeline { wakeSchedule(schedule.metadata.ownerKey) }
    }

    private func wakeSchedules(in namespace: String) {
        for schedule in schedules.all() where schedule.metadata.namespace == namespace && schedule.bringsPipeline {
            wakeSchedule(schedule.metadata.ownerKey)
        }
    }
}

extension ReportRequest {
    fileprivate var bringsPipeline: Bool {
        spec.value?.pipeline != nil || status?.pipelineName == ReportRequestStatus.inlinePipelineName
    }
}

extension ReportSchedule {
    fileprivate var bringsPipeline: Bool { spec.value?.request.spec.pipeline != nil }
}
