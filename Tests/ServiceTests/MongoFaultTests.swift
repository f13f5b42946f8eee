import Foundation
import KubernetesModel
import LoopbackSupport
import MongoClient
import ReportAPI
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// One after the other: each makes the suite's server fail.
@Suite(.services(.mongodb), .serialized) struct MongoFaultTests {
    let bench: MongoBench
    let services: LiveServices

    init() throws {
        services = try .current
        bench = try MongoBench(services)
    }

    @Test(.timeLimit(.minutes(1))) func aStalledServerHoldsUpNobodyElse() async throws {
        // Long enough that none of the calls ends by itself while others are looked at.
        var options = MongoBench.impatient
        options.serverSelectionTimeout = .seconds(10)
        options.socketTimeout = .seconds(10)
        let bench = try MongoBench(services, options: options)
        try await retrying { try await bench.client.ping() }
        try await services.pause(.mongodb)
        let over = Bell()
        let held = (0..<12).map { _ in
            Task {
                defer { over.ring() }
                return await trouble { try await bench.client.ping() }
            }
        }
        // More calls wait than there are threads in the cooperative pool; other tasks run all the same.
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 { group.addTask { number } }
            return await group.reduce(0, +)
        }
        #expect(sum == 4950)
        let cancelled = Task { await trouble { try await bench.client.ping() } }
        cancelled.cancel()
        #expect(await cancelled.value?.kind == .cancelled)
        #expect(over.count == 0)
        for call in held {
            let error = await call.value
            #expect(
                error.map { [.timeout, .unavailable].contains($0.kind) && $0.isRetryable } == true,
                "\(String(describing: error))")
        }
        try await services.resume(.mongodb)
        try await retrying { try await bench.client.ping() }
    }

    /// What was acknowledged is there after a crash, and a writer that goes on until it works ends complete.
    @Test(.timeLimit(.minutes(2))) func aKilledServerLosesNothingThatItAcknowledged() async throws {
        _ = try await retrying { try await bench.store.prepare() }
        let store = bench.store
        let acknowledged = Collected()
        let writer = Task {
            for number in 0..<600 {
                let uid = "killed-\(number)"
                let states = RequestLife.states(uid: uid)
                try await retrying(within: .seconds(60)) { try await store.save(states[5]) }
                await acknowledged.add(uid)
            }
        }
        for _ in 0..<2 {
            let count = await acknowledged.count
            try await acknowledged.wait(for: count + 50)
            try await services.kill(.mongodb)
            let before = await acknowledged.uids
            try await services.start(.mongodb)
            for uid in before.suffix(60) {
                #expect(try await retrying { try await store.record(uid: uid) } != nil, "\(uid)")
                #expect(try await retrying { try await store.events(of: uid) }.count == 5)
            }
        }
        try await writer.value
        #expect(try await bench.collection("reports").count() == 600)
        #expect(try await bench.collection("report_events").count() == 600 * 5)
    }

    @Test(.timeLimit(.minutes(2))) func aPrimaryThatStepsDownLosesNothing() async throws {
        _ = try await retrying { try await bench.store.prepare() }
        let (store, client) = (bench.store, bench.client)
        let acknowledged = Collected()
        let faults = Collected()
        let writer = Task {
            for number in 0..<300 {
                let state = RequestLife.states(uid: "stepped-\(number)")[5]
                try await retrying(within: .seconds(60)) {
                    do throws(StoreTrouble) { try await store.save(state) } catch {
                        await faults.add("\(error.cause.kind) \(error.cause.isRetryable)")
                        throw error
                    }
                }
                await acknowledged.add(state.metadata.uid)
            }
        }
        try await acknowledged.wait(for: 50)
        // Nobody else can take over, so there is no primary for three seconds.
        _ = await trouble {
            try await client.run(["replSetStepDown": 3, "secondaryCatchUpPeriodSecs": 0, "force": true], in: "admin")
        }
        try await writer.value
        #expect(try await bench.collection("reports").count() == 300)
        #expect(try await bench.collection("report_events").count() == 1500)
        let kinds = await faults.uids
        #expect(!kinds.isEmpty && kinds.allSatisfy { $0.hasSuffix("true") }, "\(Set(kinds))")
    }
}

private actor Collected {
    private(set) var uids: [String] = []

    var count: Int { uids.count }

    func add(_ uid: String) { uids.append(uid) }

    func wait(for count: Int) async throws {
        try await eventually("\(count) writes", within: .seconds(60)) { uids.count >= count }
    }
}
