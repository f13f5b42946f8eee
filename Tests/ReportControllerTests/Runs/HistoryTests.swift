import Foundation
import TestSupport
import Testing

/// Runs of every kind, disturbed by everything at once: late watches, crashes in the middle of a pass, answers and requests
/// that get lost, refusals.
///
/// The same ones each time; others by `HISTORIES`, their number, from the seed `HISTORY_SEED` on. One that fails is
/// reported with as few disturbances as it needs.
struct HistoryTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["HISTORIES"].flatMap { Int($0) } ?? 400
    private static let first = environment["HISTORY_SEED"].flatMap { UInt64($0) } ?? 1
    /// Side by side.
    private static let parts = 4

    @Test(arguments: 0..<parts) func everyHistoryComesToAGoodEnd(part: Int) async {
        var (histories, steps, disturbances, failures) = (0, 0, 0, 0)
        for index in stride(from: part, to: Self.count, by: Self.parts) {
            let history = History(seed: Self.first + UInt64(index))
            let course = await history.run()
            histories += 1
            steps += course.steps
            disturbances += history.disturbances.count
            guard !course.faults.isEmpty else { continue }
            let smallest = await history.shrunk { await !$0.run().faults.isEmpty }
            Issue.record("\(await smallest.run().faults): \(smallest)")
            failures += 1
            // One tells as much as all of its kind.
            if failures == 3 { break }
        }
        print("part \(part): \(histories) histories, \(steps) steps, \(disturbances) disturbances")
        #expect(disturbances > 0 || histories < 10)
    }

    @Test func aSeedIsOneHistory() async {
        for seed in UInt64(7)...9 {
            #expect(History(seed: seed).description == History(seed: seed).description)
            #expect(History(seed: seed).disturbances != History(seed: seed + 3).disturbances)
        }
    }

    @Test func aHistoryTakesTheSameCourseEachTime() async {
        for seed in UInt64(7)...9 {
            let (first, second) = (await History(seed: seed).run(), await History(seed: seed).run())
            #expect(first.steps == second.steps && first.faults == second.faults)
        }
    }

    /// Of all disturbances those two are left without which nothing is wrong.
    @Test func aFailingHistoryShrinksToWhatItNeeds() async throws {
        let history = try #require((UInt64(1)...99).lazy.map(History.init).first { $0.disturbances.count > 40 })
        let needed = Set([history.disturbances[5], history.disturbances[31]])
        let smallest = await history.shrunk { needed.isSubset(of: $0.disturbances) }
        #expect(Set(smallest.disturbances) == needed)
        #expect(smallest.disturbances.count == 2)
    }
}
