import KubernetesModel
import Synchronization
import Testing

@testable import ControllerRuntime

@Suite("Store", .timeLimit(.minutes(1)))
struct StoreTests {
    @Test func handlersSeeTheStoreAsItIsAfterTheChange() {
        let store = Store<Job>()
        let seen = Log<String>()
        store.addHandler { change in
            seen.append("\(change.summary) \(store.get(change.object.key)?.metadata.resourceVersion ?? "gone")")
        }
        store.replace(with: [.named("a", version: 1)], resourceVersion: "1")
        store.observe(.named("a", version: 2))
        store.observeDeletion(of: .named("a", version: 3))
        #expect(seen.entries == ["+a@1 1", "~a@1>2 2", "-a@3 gone"])
    }

    @Test func itHasSyncedOnlyWhenTheHandlersHaveSeenTheFirstList() async throws {
        let store = Store<Job>()
        let seen = Log<Bool>()
        store.addHandler { _ in seen.append(store.hasSynced) }
        #expect(!store.hasSynced)
        store.replace(with: [.named("a", version: 1), .named("b", version: 1)], resourceVersion: "1")
        #expect(seen.entries == [false, false])
        #expect(store.hasSynced)
        try await store.waitUntilSynced()
    }

    @Test func waitingForTheFirstListEndsWithTheTask() async {
        let store = Store<Job>()
        await withTaskGroup { group in
            group.addTask {
                await #expect(throws: CancellationError.self) { try await store.waitUntilSynced() }
            }
            group.cancelAll()
        }
    }

    @Test func whatAHandlerWritesIsToldAfterWhatItWasTold() {
        let store = Store<Job>()
        let seen = Log<String>()
        store.addHandler { change in
            if case .added(let job) = change { store.record(.named(job.metadata.name, version: 9)) }
            seen.append(change.summary)
        }
        store.replace(with: [.named("a", version: 1)], resourceVersion: "1")
        #expect(seen.entries == ["+a@1", "~a@1>9"])
    }

    @Test func aLateHandlerIsToldWhatThereIsFirst() {
        let store = Store<Job>()
        store.replace(with: [.named("a", version: 1)], resourceVersion: "1")
        let seen = Log<String>()
        store.addHandler { seen.append($0.summary) }
        store.observe(.named("a", version: 2))
        #expect(seen.entries == ["+a@1", "~a@1>2"])
    }

    @Test func objectsAreFoundByTheirIndexes() {
        let store = Store<Job>(indexers: ["team": { [$0.metadata.namespace] }, "uid": { [$0.metadata.uid] }])
        store.replace(with: [.named("a", version: 1), .named("b", version: 2)], resourceVersion: "2")
        #expect(store.indexed(by: "team", value: "team-a").count == 2)
        #expect(store.indexed(by: "uid", value: "uid-b").map(\.metadata.name) == ["b"])
        #expect(store.indexed(by: "uid", value: "none").isEmpty)
        #expect(store.count == 2)
    }

    /// Several workers write back while the watch tells the same history: each handler call continues the one before of
    /// its object, which it couldn't if two threads told at once or in another order than the store's.
    @Test func changesAreToldInOrderWhoeverMakesThem() async {
        let store = Store<Job>()
        let chain = Chain()
        store.addHandler { chain.take($0) }
        store.replace(with: [], resourceVersion: "1")
        let versions = 2...1500
        await withDiscardingTaskGroup { group in
            group.addTask {
                for version in versions { store.observe(.named("job-\(version % 5)", version: version)) }
            }
            for worker in 0..<3 {
                group.addTask {
                    for version in versions where version % 3 == worker {
                        store.record(.named("job-\(version % 5)", version: version))
                    }
                }
            }
        }
        #expect(!chain.isBroken)
        #expect(store.contents == (0..<5).map { "job-\($0)@\(1496 + ($0 + 4) % 5)" }.sorted())
    }

    /// The last version told of each object; broken when a change doesn't begin with it.
    private final class Chain: Sendable {
        private let state = Mutex((last: [ObjectKey: String](), isBroken: false))

        var isBroken: Bool { state.withLock { $0.isBroken } }

        func take(_ change: StoreChange<Job>) {
            state.withLock { state in
                let before: String? =
                    switch change {
                    case .added: nil
                    case .updated(let old, _): old.metadata.resourceVersion
                    case .deleted(let last): last.metadata.resourceVersion
                    }
                if state.last[change.object.key] != before { state.isBroken = true }
                state.last[change.object.key] = change.object.metadata.resourceVersion
            }
        }
    }
}
