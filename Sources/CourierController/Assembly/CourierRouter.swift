import ControllerRuntime
import KubernetesModel
import ReportAPI

/// Turns what changed in the cluster into the deliveries and channels that have to be looked at.
struct CourierRouter: Sendable {
    let cache: CourierCache
    let deliveries: WorkQueue<ObjectKey>
    let channels: WorkQueue<ObjectKey>
    let preparations: Preparations
    let inFlight: InFlight
    let tickets: TicketRouter

    func connect() {
        cache.deliveries.addHandler { change in
            if case .deleted(let last) = change {
                preparations.forget(last.metadata.uid)
                inFlight.forget(last.metadata.uid)
                return
            }
            deliveries.add(change.object.key)
        }
        cache.channels.addHandler { change in
            // Its own status tells nothing new.
            if case .updated(let old, let new) = change, old.metadata.generation == new.metadata.generation { return }
            channels.add(change.object.key)
            lookAtChannels(that: { SenderFactory.storingChannel(of: $0) == change.object.metadata.name })
            // Its allowed users may have changed, and not only whether it works.
            for delivery in cache.deliveries(through: change.object.metadata.name) { deliveries.add(delivery.key) }
            tickets.wakeAll()
        }
        cache.secrets.addHandler { change in
            let name = change.object.metadata.name
            let users = cache.channels.all().filter { SenderFactory.references(in: $0.spec.value).contains(name) }
            for channel in users {
                channels.add(channel.key)
                lookAtChannels(that: { SenderFactory.storingChannel(of: $0) == channel.metadata.name })
            }
        }
        cache.namespaces?.addHandler { change in
            if case .updated(let old, let new) = change, old.metadata.labels == new.metadata.labels { return }
            let open = cache.deliveries.indexed(
                by: CourierCache.Index.namespace, value: change.object.metadata.name)
            for delivery in open { deliveries.add(delivery.key) }
        }
    }

    private func lookAtChannels(that isMeant: (ReportChannelSpec?) -> Bool) {
        for channel in cache.channels.all() where isMeant(channel.spec.value) { channels.add(channel.key) }
    }
}
