import KubernetesModel
import TestSupport

@testable import ControllerRuntime

/// Fills a store as a reflector does, from a server in this process: with a list first, and with as much of what the watch
/// tells as the test wants.
struct WatchFeed<R: KubernetesResource> {
    let store: Store<R>
    private let server: InMemoryAPIServer
    private let selector: LabelSelector?
    private let resource = R.resourceKind.qualifiedName
    /// How many of the server's events have been told.
    private var position: Int
    /// What the watch has shown and not taken back.
    private var shown: Set<ObjectKey> = []

    init(_ store: Store<R>, selector: String? = nil, listing server: InMemoryAPIServer) {
        self.store = store
        self.server = server
        self.selector = selector.flatMap { try? LabelSelector($0) }
        let state = server.state
        position = state.events.count
        var listed: [Stored<R>] = []
        for object in state.all(resource) where self.selector?.selects(object.json) ?? true {
            shown.insert(object.key)
            if let typed = try? object.decoded(R.self) { listed.append(Stored(typed.trimmedForCache)) }
        }
        store.replace(with: listed, resourceVersion: state.version)
    }

    /// Tells everything up to `lag` events ago, and never less than it has told.
    mutating func advance(lag: Int = 0) {
        let events = server.state.events
        let end = events.count - lag
        guard end > position else { return }
        for event in events[position..<end] where event.resource == resource {
            let key = event.object.key
            guard let typed = try? event.object.decoded(R.self) else { continue }
            if event.change != .deleted, selector?.selects(event.object.json) ?? true {
                shown.insert(key)
                store.observe(typed)
            } else if shown.remove(key) != nil {
                store.observeDeletion(of: typed)
            }
        }
        position = end
    }
}
