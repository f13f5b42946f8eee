import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning

/// Turns what changed in the cluster into the triggers that have to be looked at. Their requests don't concern them once they
/// are made.
struct TriggerRouter: Sendable {
    let cache: TriggerCache
    let setbacks: Setbacks<ObservedTrigger.Setback>
    let queue: WorkQueue<ObjectKey>

    /// Listens to the stores, which replay what is known.
    func connect() {
        cache.triggers.addHandler { change in
            if case .deleted(let last) = change { return setbacks.forget(last.metadata.uid) }
            queue.add(change.object.key)
        }
        cache.triggers.addReadabilityHandler { queue.add($0) }
        cache.pipelines.addHandler { change in
            if case .updated(let old, let new) = change, old.isSameSpec(as: new) { return }
            wakeTriggers(of: change.object.key)
        }
        cache.pipelines.addReadabilityHandler(wakeTriggers)
    }

    private func wakeTriggers(of pipeline: ObjectKey) {
        for trigger in cache.triggers(of: pipeline) { queue.add(trigger.key) }
    }
}
