import ControllerRuntime
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// The server that the simulations stand on behaves as Kubernetes does where the operator relies on it.
struct InMemoryAPIServerTests {
    private let server = InMemoryAPIServer()

    private func manifest(_ name: String, owner: Job? = nil, labels: [String: String] = [:]) -> JSONValue {
        let owners = (try? JSONValue(encoding: owner.map { [OwnerReference(controlledBy: $0)] } ?? [])) ?? .null
        return .metadata(["name": .string(name), "labels": .strings(labels), "ownerReferences": owners])
    }

    private func create(_ name: String, owner: Job? = nil, labels: [String: String] = [:]) async throws -> Job {
        try await server.client.create(
            Job.self, manifest: manifest(name, owner: owner, labels: labels), namespace: "finance")
    }

    private func patch(_ name: String, _ patch: JSONValue, _ subresource: Subresource? = nil) async throws -> Job {
        try await server.client.patch(
            Job.self, name: name, namespace: "finance", merge: patch, subresource: subresource)
    }

    private func delete(_ name: String, _ options: DeleteOptions) async throws {
        try await server.client.delete(Job.self, name: name, namespace: "finance", options: options)
    }

    private var names: [String] { server.all(Job.self).map(\.metadata.name) }

    @Test func nameIsTakenOnce() async throws {
        let first = try await create("a")
        #expect(!first.metadata.uid.isEmpty && !first.metadata.resourceVersion.isEmpty)
        let error = await #expect(throws: KubernetesError.self) { try await create("a") }
        #expect(error?.isAlreadyExists == true)
        let nameless = await #expect(throws: KubernetesError.self) { try await create("") }
        #expect(nameless?.isInvalid == true)
    }

    @Test func patchOfAnOldVersionConflicts() async throws {
        let first = try await create("a")
        let second = try await patch("a", .metadata(["labels": .strings(["x": "1", "y": "1"])]))
        #expect(second.metadata.resourceVersion != first.metadata.resourceVersion)
        let old = JSONValue.metadata(["resourceVersion": .string(first.metadata.resourceVersion)])
        let error = await #expect(throws: KubernetesError.self) { try await patch("a", old) }
        #expect(error?.isConflict == true)
        let third = try await patch("a", .metadata(["labels": .object(["x": .null])]))
        #expect(third.metadata.labels == ["y": "1"])
        // What changes nothing makes no version.
        let fourth = try await patch("a", .metadata(["labels": .strings(["y": "1"])]))
        #expect(fourth.metadata.resourceVersion == third.metadata.resourceVersion)
    }

    @Test func statusIsASubresource() async throws {
        _ = try await create("a")
        let both = JSONValue.object([
            "metadata": .object(["labels": .strings(["x": "1"])]), "spec": .object(["parallelism": .integer(1)]),
            "status": .object(["active": .integer(1)]),
        ])
        let ordinary = try await patch("a", both)
        #expect(ordinary.status == nil)
        #expect(ordinary.metadata.generation == 2)
        let status = try await patch("a", both.setting("metadata", .object([:])), .status)
        #expect(status.status?.active == 1)
        #expect(status.metadata.generation == 2)
    }

    @Test func deletionWaitsForFinalizersAndMeetsItsPreconditions() async throws {
        let job = try await create("a")
        for options in [
            DeleteOptions(propagation: .background, uid: "another"),
            DeleteOptions(propagation: .background, uid: job.metadata.uid, resourceVersion: "1"),
        ] {
            let error = await #expect(throws: KubernetesError.self) { try await delete("a", options) }
            #expect(error?.isConflict == true)
        }
        _ = try await patch("a", .metadata(["finalizers": .strings(["x/y"])]))
        try await delete("a", DeleteOptions(propagation: .background, uid: job.metadata.uid))
        #expect(server.find(Job.self, "a")?.metadata.isDeleting == true)
        let more = JSONValue.metadata(["finalizers": .strings(["x/y", "x/z"])])
        let error = await #expect(throws: KubernetesError.self) { try await patch("a", more) }
        #expect(error?.isInvalid == true)
        let last = try await patch("a", .metadata(["finalizers": .array([])]))
        #expect(last.metadata.isDeleting)
        #expect(names.isEmpty)
        let gone = await #expect(throws: KubernetesError.self) {
            try await delete("a", DeleteOptions(propagation: .background))
        }
        #expect(gone?.isNotFound == true)
    }

    @Test(arguments: [
        (DeleteOptions.Propagation.background, [["b", "c"], ["c"], []]),
        (.foreground, [["a", "b", "c"], ["a", "c"], []]), (.orphan, [["a", "b", "c"], ["b", "c"], ["b", "c"]]),
    ])
    func garbageGoesAsItsOwnerWasDeleted(propagation: DeleteOptions.Propagation, rounds: [[String]]) async throws {
        let owner = try await create("a")
        let dependent = try await create("b", owner: owner)
        _ = try await create("c", owner: dependent)
        try await delete("a", DeleteOptions(propagation: propagation))
        var seen = [names]
        for _ in 1..<rounds.count {
            server.update { $0.collectGarbage() }
            seen.append(names)
        }
        #expect(seen == rounds)
    }

    @Test func listGoesBySelectorAndPage() async throws {
        for number in 0..<5 { _ = try await create("j\(number)", labels: ["even": "\(number % 2 == 0)"]) }
        _ = try await server.client.create(Job.self, manifest: manifest("elsewhere"), namespace: "other")
        var options = ListOptions(labelSelector: "even=true", limit: 2)
        let first = try await server.client.list(Job.self, namespace: "finance", options: options)
        #expect(first.items.map(\.metadata.name) == ["j0", "j2"])
        // Of the same moment, whatever happens meanwhile.
        _ = try await create("j9", labels: ["even": "true"])
        options.continue = first.metadata.continue
        let second = try await server.client.list(Job.self, namespace: "finance", options: options)
        #expect(second.items.map(\.metadata.name) == ["j4"])
        #expect(second.metadata.resourceVersion == first.metadata.resourceVersion)
        let all = try await server.client.list(Job.self, namespace: nil, options: ListOptions(labelSelector: "!even"))
        #expect(all.items.map(\.metadata.name) == ["elsewhere"])
    }

    @Test func lostRepliesAreDoneAndLostRequestsAreNot() async throws {
        let server = InMemoryAPIServer { call in
            switch call.objectName {
            case "reply": .replyLost
            case "request": .requestLost
            default: nil
            }
        }
        for (name, isThere) in [("reply", true), ("request", false)] {
            let error = await #expect(throws: KubernetesError.self) {
                _ = try await server.client.create(Job.self, manifest: manifest(name), namespace: "finance")
            }
            #expect(error?.outcomeUnknown == isThere)
            #expect((server.find(Job.self, name) != nil) == isThere)
        }
    }

    @Test func watchIsAsFarBehindAsTheTestWants() async throws {
        let store = Store<Job>()
        var feed = WatchFeed(store, selector: "own", listing: server)
        var names: [String] { store.all().map(\.metadata.name).sorted() }
        for number in 0..<3 { _ = try await create("j\(number)", labels: ["own": "yes"]) }
        _ = try await create("foreign")
        feed.advance(lag: 2)
        #expect(names == ["j0", "j1"])
        feed.advance(lag: 3)
        #expect(names == ["j0", "j1"])
        _ = try await patch("j0", .metadata(["labels": .object(["own": .null])]))
        try await delete("j1", DeleteOptions(propagation: .background))
        feed.advance(lag: 0)
        #expect(names == ["j2"])
    }
}
