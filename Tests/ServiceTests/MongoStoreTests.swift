import Foundation
import KubernetesModel
import MongoClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

@Suite(.services(.mongodb)) struct MongoStoreTests {
    let bench: MongoBench

    init() throws { bench = try MongoBench(try .current) }

    @Test func aRequestsWholeLifeIsKept() async throws {
        try await bench.store.prepare()
        let states = RequestLife.states()
        let last = try #require(states.last)
        for state in states { try await bench.store.save(state) }
        #expect(try await bench.store.record(uid: last.metadata.uid) == ReportRecord(last))
        let events = try await bench.store.events(of: last.metadata.uid)
        #expect(events.map(\.transition) == ReportEvent.all(of: last))
        #expect(ReportRecord(events: events) == ReportRecord(last))
        #expect(try await bench.store.record(uid: "nobody") == nil)
    }

    /// From the stage where it says so, else from the first stage's start of the attempt that published.
    @Test func eventOfTheEndSaysWhenTheSourceWasRead() async throws {
        let results = bench.collection("report_results")
        let said = BSONValue.date(milliseconds: 1_792_540_800_000)
        let documents: [BSONDocument] = [
            ["_id": "says", "attempt": 2, "asOf": said], ["_id": "started", "attempt": 1],
            ["_id": "odd", "attempt": 2, "asOf": "yesterday"], ["_id": "broken", "attempt": "two"],
        ]
        for document in documents { try await results.insert(document) }
        // From now on the collection refuses what isn't as it should be.
        try await bench.store.prepare()
        for uid in ["says", "started", "odd", "broken"] {
            let states = RequestLife.states(uid: uid)
            try await bench.save(asOfKnown: states.dropLast(3))
            try await bench.save(asOfKnown: [try #require(states.last)])
        }
        let none = try #require(RequestLife.states(uid: "none").last)
        try await bench.save(asOfKnown: [none])
        func told(_ uid: String) async throws -> [String: Date] {
            let events = try await bench.store.events(of: uid).filter { $0.asOf != nil }
            return Dictionary(events.map { ($0.phase, $0.asOf ?? .distantPast) }) { $1 }
        }
        #expect(try await told("says") == ["Succeeded": Date(timeIntervalSince1970: 1_792_540_800)])
        #expect(try await told("started") == ["Succeeded": Timestamp.start.after(5).date])
        #expect(try await told("odd") == ["Succeeded": Timestamp.start.after(61).date])
        for uid in ["broken", "none"] { #expect(try await told(uid) == [:]) }
    }

    /// Every order of a short life: the newest state stands, and every event that any state told, once.
    @Test func everyOrderEndsTheSame() async throws {
        try await bench.store.prepare()
        // Of one that is over, its acceptance forgotten, as the operator's cache keeps it.
        let chosen =
            [0, 2, 4, 7].map { RequestLife.states()[$0] } + [try #require(RequestLife.states().last).trimmedForCache]
        for (number, order) in chosen.indices.permutations.enumerated() {
            let uid = "order-\(number)"
            for index in order { try await bench.store.save(chosen[index].with { $0.metadata.uid = uid }) }
            try await expectNewest(uid, of: chosen)
        }
    }

    @Test func writersAtTheSameTimeEndTheSame() async throws {
        try await bench.store.prepare()
        var random = SeededGenerator(seed: 11)
        let others = (0..<3).map { _ in bench.another() }
        for round in 0..<25 {
            let uid = "together-\(round)"
            let states = RequestLife.states(uid: uid, cancelled: round % 2 == 0)
            let writes = (states + states).shuffled(using: &random)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, state) in writes.enumerated() {
                    group.addTask { try await others[index % others.count].save(state) }
                }
                try await group.waitForAll()
            }
            try await expectNewest(uid, of: states)
        }
    }

    @Test func batchesEndTheSameTooWhateverTheirOrder() async throws {
        try await bench.store.prepare()
        var random = SeededGenerator(seed: 12)
        let all = (0..<20).flatMap { RequestLife.states(uid: "batch-\($0)") }
        for _ in 0..<3 { #expect(try await bench.store.save(all.shuffled(using: &random)).isEmpty) }
        for number in 0..<20 { try await expectNewest("batch-\(number)", of: RequestLife.states()) }
    }

    @Test func ofEquallyFarStatesTheLaterVersionStands() async throws {
        try await bench.store.prepare()
        let request = RequestLife.states()[2]
        func version(_ version: String, _ message: String) -> ReportRequest {
            request.status { $0.message = message }.with { $0.metadata.resourceVersion = version }
        }
        for (number, text) in [("99", "old"), ("101", "new"), ("100", "late"), ("9", "later")] {
            try await bench.store.save(version(number, text))
        }
        #expect(try await bench.store.record(uid: request.metadata.uid)?.message == "new")
    }

    @Test func aDeletionIsNotedAndStaysNoted() async throws {
        try await bench.store.prepare()
        let states = RequestLife.states()
        let uid = states[0].metadata.uid
        try await bench.store.save(states[3].deleting(at: .start.after(50)))
        for state in states { try await bench.store.save(state) }
        try await bench.store.save(states[12].deleting(at: .start.after(80)))
        #expect(try await bench.store.record(uid: uid)?.deletedAt == Timestamp.start.after(50).date)
        #expect(try await bench.store.record(uid: uid)?.phase == .succeeded)
    }

    /// By a later state whose origin couldn't be found out, and by an earlier one that comes late.
    @Test(arguments: [[0, 5, 12], [5, 0, 12], [12, 5, 0]])
    func whereARequestWasMadeIsNotTakenBack(order: [Int]) async throws {
        try await bench.store.prepare()
        let origin = RecordOrigin(cluster: "c", clusterName: "plant-2", namespaceUID: "n")
        let states = RequestLife.states()
        let uid = states[0].metadata.uid
        for index in order { try await bench.store.save(states[index], origin: index == 5 ? origin : .unknown) }
        let known = try #require(try await bench.store.record(uid: uid)).origin
        // What comes late changes nothing of a newer record but what that lacks.
        #expect(known == (order == [12, 5, 0] ? .unknown : origin))
        let told = try await bench.store.events(of: uid).map(\.origin)
        // An event is kept as it was told first, and the newest state tells all.
        #expect(told.contains(origin) == (order != [12, 5, 0]))
        #expect(told.allSatisfy { $0 == origin || $0 == .unknown })
    }

    @Test func eventsAndRecordTellWhereARequestWasMade() async throws {
        try await bench.store.prepare()
        let origin = RecordOrigin(cluster: "c", namespaceUID: "n")
        let last = try #require(RequestLife.states().last)
        #expect(try await bench.store.save([last], origins: [last.metadata.uid: origin]).isEmpty)
        #expect(try await bench.store.record(uid: last.metadata.uid) == ReportRecord(last, origin: origin))
        #expect(try await bench.store.events(of: last.metadata.uid).allSatisfy { $0.origin == origin })
    }

    @Test func whatOthersNoteInARecordStays() async throws {
        try await bench.store.prepare()
        let states = RequestLife.states()
        try await bench.store.save(states[5])
        try await bench.collection("reports").update([:], with: ["$set": ["summary": ["rows": 5]]])
        try await bench.store.save(try #require(states.last))
        let document = try await bench.collection("reports").find().all().first
        #expect(document?["summary"]?.document == ["rows": 5])
    }

    @Test func aValidatorsRefusalIsToldAndKeepsNobodyElseOut() async throws {
        try await bench.store.prepare()
        try await bench.client.run(
            ["collMod": "reports", "validator": ["name": ["$ne": "refused"]]], in: bench.database)
        let good = RequestLife.states(uid: "good")[5]
        let bad = RequestLife.states(uid: "bad")[5].with { $0.metadata.name = "refused" }
        let failed = try await bench.store.save([bad, good])
        #expect(failed.keys.map(\.self) == ["bad"])
        #expect(failed["bad"]?.cause.kind == .validation && failed["bad"]?.cause.isRetryable == false)
        #expect(failed["bad"]?.description.contains("validator") == true)
        #expect(try await bench.store.record(uid: "good") != nil)
        // Set up anew, as the advice says.
        try await bench.store.prepare()
        try await bench.store.save(bad)
        let error = await trouble { try await bench.collection("reports").insert(["_id": "x", "namespace": 5]) }
        #expect(error?.kind == .validation && error?.message.contains("createdAt") == true)
    }

    private func expectNewest(_ uid: String, of states: [ReportRequest]) async throws {
        let last = try #require(states.last).with { $0.metadata.uid = uid }
        var expected = ReportRecord(last)
        // What only the acceptance knows is kept from an earlier state.
        expected.pinned = .spec(.chain("extract", "load"))
        expected.parameters = ["period": "2026-10"]
        #expect(try await bench.store.record(uid: uid) == expected)
        #expect(try await bench.store.events(of: uid).map(\.transition) == ReportEvent.all(of: last))
    }
}

extension Range<Int> {
    /// All orders of these numbers.
    fileprivate var permutations: [[Int]] {
        reduce([[]]) { orders, number in
            orders.flatMap { order in
                (0...order.count).map { place in
                    var longer = order
                    longer.insert(number, at: place)
                    return longer
                }
            }
        }
    }
}

extension MongoBench {
    /// As the operator does it.
    fileprivate func save(asOfKnown states: some Collection<ReportRequest>) async throws {
        let states = Array(states)
        #expect(try await store.save(states, asOf: try await store.asOf(of: states)).isEmpty)
    }
}
