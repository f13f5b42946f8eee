import ClusterSupport
import Foundation
import ReportStores
import ServiceSupport
import Synchronization
import TestSupport
import Testing

/// What hack/test asks for.
private enum ChaosPlan {
    /// Nil where nothing is asked for.
    static let hours = ProcessInfo.processInfo.environment["REPORT_CHAOS_HOURS"].flatMap(Double.init)
    /// By their names, with commas between them; all where nothing is said.
    static let faults = ProcessInfo.processInfo.environment["REPORT_CHAOS_FAULTS"].map {
        $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    static func chosen(of faults: [ChaosFault]) -> [ChaosFault] {
        faults.filter { Self.faults?.contains($0.rawValue) ?? true }
    }
    static let seed = ProcessInfo.processInfo.environment["REPORT_CHAOS_SEED"].flatMap { UInt64($0) }
}

/// What the operator promises, through faults of everything around it, one after the other, while reports run without a pause.
/// `hack/test chaos` says for how long.
@Suite(.enabled(if: ChaosPlan.hours != nil)) struct ChaosTests {
    @Test func nothingIsLostAndNothingTwice() async throws {
        let seed = ChaosPlan.seed ?? UInt64.random(in: 0...UInt64.max)
        let duration = Duration.seconds(3600 * (ChaosPlan.hours ?? 0))
        let known = Set(ChaosFault.allCases.map(\.rawValue))
        try #require(ChaosPlan.faults.map { $0.allSatisfy(known.contains) } ?? true, "the faults are \(known.sorted())")
        print("Chaos for \(duration), seed \(seed)")
        try await Outside.run([.mongodb, .redis], "chaos") { outside in
            try await outside.records.prepare()
            try await OwnCluster.run("chaos") { own in
                try await own.applyDefinitions()
                try await ChaosWorld.run(own, outside) { world in
                    try await play(world, for: duration, seed)
                }
            }
        }
    }

    /// Faults of all kinds for two thirds of the time; then of those alone that leave our processes alive, so that what they hold
    /// can be compared; then none, until all that was asked for is done.
    private func play(_ world: ChaosWorld, for duration: Duration, _ seed: UInt64) async throws {
        let dice = ChaosDice(seed: seed)
        let begin = ContinuousClock.now
        var table = ChaosTable()
        while ContinuousClock.now - begin < duration * 2 / 3 {
            try await table.note(dice.pick(ChaosPlan.chosen(of: ChaosFault.allCases)), in: world, dice)
        }
        try await world.settle()
        let before = try world.holdings()
        let outside = ChaosPlan.chosen(of: ChaosFault.outside)
        while ContinuousClock.now - begin < duration, !outside.isEmpty {
            try await table.note(dice.pick(outside), in: world, dice)
        }
        let asked = world.load.stop()
        try await world.waitForAll(asked)
        let after = try world.holdings()
        table.print()
        print("Asked for: \(asked.counts)")
        for (name, first) in before.sorted(by: { $0.key < $1.key }) {
            let last = try #require(after[name])
            print("\(name): \(first) before, \(last) after")
            // The same processes all the time.
            #expect(last.pid == first.pid, "\(name) was started anew")
            #expect(last.residentKiB < first.residentKiB * 3 / 2 + 20_000, "\(name): \(first), \(last)")
            #expect(last.descriptors <= first.descriptors + 16 && last.threads <= first.threads + 16, "\(name)")
        }
        try await world.check(asked)
    }
}

/// How often each kind came, and how long the next report took afterwards.
struct ChaosTable {
    private var times: [ChaosFault: [(job: Duration, end: Duration)]] = [:]

    mutating func note(_ fault: ChaosFault, in world: ChaosWorld, _ dice: ChaosDice) async throws {
        try await fault.happen(to: world, dice)
        let took = try await world.probe()
        times[fault, default: []].append(took)
        Swift.print(
            "\(fault.rawValue): a report had its Job after \(took.job), its end after \(took.end); \(world.load.summary)"
        )
        if took.job > .seconds(20) { world.tell() }
        // Next to each other, and now and then with a pause between them.
        try await Task.sleep(for: .milliseconds(dice.number(in: 0...4000)))
    }

    func print() {
        Swift.print("fault: how often; a report's Job afterwards, median and longest; its end, median and longest")
        func line(_ all: [Duration]) -> String {
            let seconds = all.sorted().map { String(format: "%.1f", $0 / .seconds(1)) }
            return "\(seconds[seconds.count / 2]) \(seconds[seconds.count - 1])"
        }
        for (fault, all) in times.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            Swift.print("  \(fault.rawValue): \(all.count); \(line(all.map(\.job))); \(line(all.map(\.end)))")
        }
    }
}

/// Says which fault comes and how long it takes, by a seed.
final class ChaosDice: Sendable {
    private let random: Mutex<SeededGenerator>

    init(seed: UInt64) { random = Mutex(SeededGenerator(seed: seed)) }

    /// One of those that there are.
    func pick<Value>(_ values: [Value]) -> Value { values[number(in: 0...values.count - 1)] }

    func number(in range: ClosedRange<Int>) -> Int {
        random.withLock { Int.random(in: range, using: &$0) }
    }
}
