import KubernetesModel
import TestSupport
import Testing

@testable import ControllerRuntime

@Suite("Store: rules")
struct StoreStateTests {
    /// One thing that a store is told.
    enum Step: Sendable {
        case list([Job], version: Int)
        case change(Job)
        case deletion(Job)
        case bookmark(Int)
        case writeBack(Job)
        case comeback(Job)
        case undecodable(String, version: Int)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [Step]
        var changes: [String]
        var contents: [String]

        var testDescription: String { name }
    }

    static let a1 = Job.named("a", version: 1)
    static let a5 = Job.named("a", version: 5)
    static let a9 = Job.named("a", version: 9)
    static let b2 = Job.named("b", version: 2)

    static let cases = [
        Case(
            name: "a list adds what it holds", steps: [.list([a1, b2], version: 3)],
            changes: ["+a@1", "+b@2"], contents: ["a@1", "b@2"]),
        Case(
            name: "a second list tells what differs, and nothing else",
            steps: [.list([a1, b2], version: 3), .list([a5], version: 7)],
            changes: ["+a@1", "+b@2", "-b@2", "~a@1>5"], contents: ["a@5"]),
        Case(
            name: "an event that comes twice tells nothing the second time",
            steps: [.list([], version: 0), .change(a1), .change(a1)], changes: ["+a@1"], contents: ["a@1"]),
        Case(
            name: "a deletion is told with the last state",
            steps: [.list([a1], version: 1), .deletion(a5)], changes: ["+a@1", "-a@5"], contents: []),
        Case(
            name: "a deletion of what isn't known tells nothing",
            steps: [.list([], version: 1), .deletion(a5)], changes: [], contents: []),
        Case(
            name: "a write-back is seen at once, and the watch's event of it tells nothing again",
            steps: [.list([a1], version: 1), .writeBack(a5), .change(a5)],
            changes: ["+a@1", "~a@1>5"], contents: ["a@5"]),
        Case(
            name: "what had left the selection is there again once it is known to have come back",
            steps: [.list([a1], version: 1), .deletion(a5), .comeback(a9), .change(a9)],
            changes: ["+a@1", "-a@5", "+a@9"], contents: ["a@9"]),
        Case(
            name: "what came back before it left is not",
            steps: [.list([a1], version: 1), .deletion(a9), .comeback(a5)], changes: ["+a@1", "-a@9"], contents: []),
        Case(
            name: "a write-back that the watch has overtaken does nothing",
            steps: [.list([a1], version: 1), .change(a9), .writeBack(a5)],
            changes: ["+a@1", "~a@1>9"], contents: ["a@9"]),
        Case(
            name: "an event older than a write-back doesn't take it back",
            steps: [.list([], version: 1), .writeBack(a9), .change(a5), .change(a9)],
            changes: ["+a@9"], contents: ["a@9"]),
        Case(
            name: "a write-back after the deletion doesn't bring the object back",
            steps: [.list([a1], version: 1), .deletion(a9), .writeBack(a5)],
            changes: ["+a@1", "-a@9"], contents: []),
        Case(
            name: "a write-back of what was created and deleted unseen doesn't bring it back",
            steps: [.list([], version: 1), .bookmark(9), .writeBack(a5)], changes: [], contents: []),
        Case(
            name: "a write-back with the version of the deletion is undone by the deletion",
            steps: [.list([a1], version: 1), .writeBack(a9), .deletion(a9)],
            changes: ["+a@1", "~a@1>9", "-a@9"], contents: []),
        Case(
            name: "a deletion ends its uid even if a write-back seems to be newer",
            steps: [.list([a1], version: 1), .writeBack(a9), .deletion(a5)],
            changes: ["+a@1", "~a@1>9", "-a@5"], contents: []),
        Case(
            name: "a late deletion of the one before doesn't touch the next of the same name",
            steps: [.list([a1], version: 1), .writeBack(.named("a", version: 9, uid: "second")), .deletion(a5)],
            changes: ["+a@1", "-a@1", "+a@9"], contents: ["a@9"]),
        Case(
            name: "another uid under one name within MODIFIED is a deletion and an addition",
            steps: [.list([a1], version: 1), .change(.named("a", version: 9, uid: "second"))],
            changes: ["+a@1", "-a@1", "+a@9"], contents: ["a@9"]),
        Case(
            name: "another uid under one name in a list is a deletion and an addition",
            steps: [.list([a1], version: 1), .list([.named("a", version: 9, uid: "second")], version: 9)],
            changes: ["+a@1", "-a@1", "+a@9"], contents: ["a@9"]),
        Case(
            name: "a list keeps a write-back that is younger than itself",
            steps: [.list([], version: 1), .writeBack(a9), .list([b2], version: 5)],
            changes: ["+a@9", "+b@2"], contents: ["a@9", "b@2"]),
        Case(
            name: "a list doesn't take back a write-back that is younger than itself",
            steps: [.list([a1], version: 1), .writeBack(a9), .list([a1], version: 5)],
            changes: ["+a@1", "~a@1>9"], contents: ["a@9"]),
        Case(
            name: "of what is older than itself a list knows best",
            steps: [.list([a5], version: 5), .list([a1], version: 9)],
            changes: ["+a@5", "~a@5>1"], contents: ["a@1"]),
        Case(
            name: "an object that comes back under the selector is added again",
            steps: [.list([a1], version: 1), .deletion(a5), .change(a9)],
            changes: ["+a@1", "-a@5", "+a@9"], contents: ["a@9"]),
        Case(
            name: "what doesn't decode any more stays as it was, and moves the version on",
            steps: [.list([a1], version: 1), .undecodable("a", version: 5), .writeBack(.named("c", version: 4))],
            changes: ["+a@1"], contents: ["a@1"]),
    ]

    @Test(arguments: cases)
    func itLearns(_ example: Case) {
        var state = StoreState<Job>(indexers: [:])
        var changes: [StoredChange<Job>] = []
        for step in example.steps { state.take(step, &changes) }
        // The order among the objects of one list is free.
        #expect(changes.map(\.told.summary).sorted() == example.changes.sorted())
        let contents = state.objects.values.map { "\($0.metadata.name)@\($0.metadata.resourceVersion)" }
        #expect(contents.sorted() == example.contents)
    }

    /// Lists at a version, after `a` was known at 5: what they say of it, and whether that can follow.
    @Test(arguments: [(1, 9, true), (1, 5, true), (5, 9, false), (9, 9, false), (1, 3, false)])
    func anOlderStateInANewerListContradictsWhatIsKnown(object: Int, list: Int, contradicts: Bool) {
        var state = StoreState<Job>(indexers: [:])
        var changes: [StoredChange<Job>] = []
        state.take(.list([Self.a5], version: 5), &changes)
        let listed = [Stored(Job.named("a", version: object))]
        #expect(state.isContradicted(by: listed, resourceVersion: "\(list)") == contradicts)
        var another = Job.named("a", version: object)
        another.metadata.uid = "another"
        #expect(!state.isContradicted(by: [Stored(another)], resourceVersion: "\(list)"))
    }

    @Test func aListKeepsTheLastReadableStateOfWhatItCannotRead() {
        var state = StoreState<Job>(indexers: [:])
        var changes: [StoredChange<Job>] = []
        state.take(.list([Self.a1, Self.b2], version: 2), &changes)
        let unread = UndecodableObject(
            namespace: ObjectKey.job("a").namespace, name: "a", uid: "uid-a", resourceVersion: "7",
            message: "expected Int")
        state.replace(with: [], unreadable: [.job("a"): unread], resourceVersion: "8", &changes)
        #expect(state.objects.keys.map(\.name) == ["a"])
        #expect(state.undecodable == [.job("a"): unread])
        state.observe(Self.a9, &changes)
        #expect(state.undecodable.isEmpty)
    }

    /// It was deleted and made again while the watch was away: what is known is of another object, which is gone.
    @Test func aListThatCannotReadItsSuccessorEndsAnObject() {
        var state = StoreState<Job>(indexers: ["name": { [$0.metadata.name] }])
        var changes: [StoredChange<Job>] = []
        state.take(.list([Self.a1, Self.b2], version: 2), &changes)
        let unread = UndecodableObject(
            namespace: ObjectKey.job("a").namespace, name: "a", uid: "another", resourceVersion: "7",
            message: "expected Int")
        state.replace(
            with: [Stored(Self.b2)], unreadable: [.job("a"): unread], resourceVersion: "8", &changes)
        #expect(state.objects.keys.map(\.name) == ["b"])
        #expect(state.indexes["name"]?.keys(of: "a").isEmpty == true)
        #expect(changes.last.map(\.told.summary) == "-a@1")
        #expect(state.undecodable == [.job("a"): unread])
    }

    /// The watch shows the last state of what is deleted, and that one doesn't decode either.
    @Test func whatCannotBeReadIsGoneWhenItIsDeleted() {
        var state = StoreState<Job>(indexers: [:])
        var changes: [StoredChange<Job>] = []
        state.take(.list([Self.a1], version: 2), &changes)
        let unread = UndecodableObject(
            namespace: Self.a1.metadata.namespace, name: "a", uid: Self.a1.metadata.uid, resourceVersion: "7",
            message: "expected Int")
        state.observeUndecodable(unread)
        state.observeDeletion(of: unread, &changes)
        #expect(state.objects.isEmpty && state.undecodable.isEmpty)
        #expect(changes.last.map(\.told.summary) == "-a@1")
    }

    /// What nobody asks for any more is kept out of memory, and comes back only when there is something new about it.
    @Test func whatIsDiscardedIsForgottenUntilItChanges() {
        var state = StoreState<Job>(indexers: ["name": { [$0.metadata.name] }])
        var changes: [StoredChange<Job>] = []
        state.take(.list([Self.a5], version: 5), &changes)
        state.discard(Self.a5.key, uid: "another")
        #expect(state.objects.count == 1)
        state.discard(Self.a5.key, uid: Self.a5.metadata.uid)
        #expect(state.objects.isEmpty && state.indexes["name"]?.keys(of: "a").isEmpty == true)
        state.record(Self.a1, &changes)
        #expect(state.objects.isEmpty, "an answer that comes late")
        state.take(.change(Self.a9), &changes)
        #expect(changes.map(\.told.summary) == ["+a@5", "+a@9"])
    }

    @Test func indexesFollowEveryChange() {
        var state = StoreState<Job>(indexers: ["color": { $0.metadata.labels["color"].map { [$0] } ?? [] }])
        var changes: [StoredChange<Job>] = []
        func red() -> [String] { state.indexes["color"]?.keys(of: "red").map(\.name).sorted() ?? [] }
        state.take(
            .list(
                [.named("a", version: 1, labels: ["color": "red"]), .named("b", version: 2, labels: ["color": "red"])],
                version: 3), &changes)
        #expect(red() == ["a", "b"])
        state.observe(.named("a", version: 4, labels: ["color": "blue"]), &changes)
        #expect(red() == ["b"])
        state.observeDeletion(of: .named("b", version: 5), &changes)
        #expect(red().isEmpty)
        state.record(.named("a", version: 6, labels: ["color": "red"]), &changes)
        #expect(red() == ["a"])
    }

    /// A server's history reaches the store with duplicates, with gaps that a list closes, and with write-backs that come
    /// early or late. In the end the store equals the server, and the changes it told lead to the same.
    @Test(arguments: 0..<60)
    func inTheEndItEqualsTheServer(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var server = ServerModel()
        var state = StoreState<Job>(indexers: ["uid": { [$0.metadata.uid] }])
        var told: [ObjectKey: Job] = [:]
        var writes: [Job] = []
        var delivered = 0
        func take(_ step: Step) {
            var changes: [StoredChange<Job>] = []
            state.take(step, &changes)
            for change in changes { told.take(change.told) }
        }
        take(.list([], version: 1))
        for _ in 0..<600 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                let written = server.change(using: &random)
                if let written, Bool.random(using: &random) { writes.append(written) }
            case 4...6:
                guard delivered < server.history.count else { continue }
                take(server.history[delivered])
                if Int.random(in: 0..<4, using: &random) == 0 { take(server.history[delivered]) }
                delivered += 1
            case 7, 8:
                guard !writes.isEmpty else { continue }
                take(.writeBack(writes.remove(at: Int.random(in: 0..<writes.count, using: &random))))
            default:
                // A gap: everything up to now comes as a list.
                guard Int.random(in: 0..<6, using: &random) == 0 else { continue }
                take(.list(Array(server.objects.values), version: server.version))
                delivered = server.history.count
            }
        }
        for write in writes { take(.writeBack(write)) }
        for step in server.history[delivered...] { take(step) }
        #expect(state.objects.mapValues(\.object) == server.objects)
        #expect(told == server.objects)
        for job in server.objects.values {
            #expect(state.indexes["uid"]?.keys(of: job.metadata.uid) == [job.key])
        }
    }
}

/// A server that creates, changes and deletes objects of a few names, and remembers the events.
private struct ServerModel {
    var version = 1
    var objects: [ObjectKey: Job] = [:]
    var history: [StoreStateTests.Step] = []

    /// Does something, and returns the answer that its writer gets.
    mutating func change(using random: inout SeededGenerator) -> Job? {
        version += 1
        let name = "job-\(Int.random(in: 0..<6, using: &random))"
        guard var job = objects[.job(name)] else {
            let job = Job.named(name, version: version, uid: "uid-\(version)")
            objects[job.key] = job
            history.append(.change(job))
            return job
        }
        job.metadata.resourceVersion = "\(version)"
        if Int.random(in: 0..<3, using: &random) == 0 {
            objects[job.key] = nil
            history.append(.deletion(job))
            return nil
        }
        objects[job.key] = job
        history.append(.change(job))
        return job
    }
}

extension StoreState where R == Job {
    fileprivate mutating func take(_ step: StoreStateTests.Step, _ changes: inout [StoredChange<Job>]) {
        switch step {
        case .list(let jobs, let version):
            replace(
                with: jobs.map(Stored.init), unreadable: [:], resourceVersion: "\(version)", &changes)
        case .change(let job): observe(job, &changes)
        case .deletion(let job): observeDeletion(of: job, &changes)
        case .bookmark(let version): observeBookmark("\(version)")
        case .writeBack(let job): record(job, &changes)
        case .comeback(let job): record(job, cameBack: true, &changes)
        case .undecodable(let name, let version):
            observeUndecodable(
                UndecodableObject(
                    namespace: ObjectKey.job(name).namespace, name: name, uid: "uid-\(name)",
                    resourceVersion: "\(version)", message: "expected Int"))
        }
    }
}

extension [ObjectKey: Job] {
    /// Does what a handler would that keeps a copy, and checks that each change fits the one before.
    fileprivate mutating func take(_ change: StoreChange<Job>) {
        switch change {
        case .added(let job):
            #expect(self[job.key] == nil)
            self[job.key] = job
        case .updated(let old, let new):
            #expect(self[old.key] == old)
            #expect(old.metadata.uid == new.metadata.uid)
            self[new.key] = new
        case .deleted(let job):
            #expect(self[job.key]?.metadata.uid == job.metadata.uid)
            self[job.key] = nil
        }
    }
}
