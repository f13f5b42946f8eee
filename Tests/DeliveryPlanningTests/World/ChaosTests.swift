import FoundationEssentials
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// Couriers that die, come back, are two at once, read what is old and can't read at all, in any order.
@Suite struct ChaosTests {
    private static let kinds: [ReportChannelSpec.Kind] = [.mail, .folder, .mail, .teams, .mail, .webhook]
    private static let seeds = 2400

    @Test(arguments: 0..<6)
    func everySeedComesToAGoodEnd(part: Int) {
        var messages = 0
        var crashes = 0
        var phases: [DeliveryCopy.Phase: Int] = [:]
        for seed in stride(from: part, to: Self.seeds, by: 6) {
            var course = Course(seed: UInt64(seed), Self.kinds[part])
            course.run()
            #expect(course.world.violations == [], "seed \(seed)")
            messages += course.world.messages
            crashes += course.crashes
            for copy in course.world.ledger.values { phases[copy.phase, default: 0] += 1 }
        }
        let ends = phases.map { "\($0.value) \($0.key.rawValue)" }.sorted().joined(separator: ", ")
        print(
            "\(Self.kinds[part].rawValue): \(Self.seeds / 6) seeds, \(crashes) crashes, \(messages) messages; \(ends)")
        // Each end is met.
        #expect(phases[.sent] ?? 0 > 0 && phases[.failed] ?? 0 > 0 && phases[.cancelled] ?? 0 > 0)
        #expect(phases[.unknown] ?? 0 > 0)
    }
}
