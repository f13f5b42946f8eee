import FoundationEssentials
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// A courier that dies after any of its effects, and another that goes on from what it finds.
@Suite struct CrashTests {
    private typealias Outcome = DeliveryWorld.Outcome

    /// What may come first, and what it comes to.
    private static let courses: [([Outcome], Outcome)] = {
        let passing: [Outcome] = [.deferred, .uncertainAndArrived, .uncertainAndLost]
        let first = [[]] + passing.map { [$0] } + passing.flatMap { one in passing.map { [one, $0] } }
        return first.flatMap { [($0, .sent), ($0, .refused)] }
    }()

    private static func worlds(_ kind: ReportChannelSpec.Kind) -> [DeliveryWorld] {
        courses.flatMap { course in
            (kind == .mail ? [1, 3] : [1]).map { count in
                var world = DeliveryWorld.delivery(kind, recipients: count)
                // The others' courses are different ones.
                for (index, recipient) in world.recipients.enumerated() {
                    world.passing[recipient] = index == 0 ? course.0 : index == 1 ? [.deferred] : []
                    world.lasting[recipient] = index == 0 ? course.1 : .sent
                }
                return world
            }
        }
    }

    @Test(arguments: [ReportChannelSpec.Kind.mail, .folder, .webhook, .teams])
    func crashAfterEveryEffectSettlesToTheSameEnd(kind: ReportChannelSpec.Kind) {
        var points = 0
        var messages = 0
        for world in Self.worlds(kind) {
            var (undisturbed, courier) = (world, SimulatedCourier("a"))
            var crashed: [(DeliveryWorld, claimed: Set<String>)] = [(world, [])]
            courier.settle(&undisturbed) { world, courier in
                crashed.append((world, Set(courier.sends.values.filter(\.isClaimed).map(\.claim.recipient))))
            }
            undisturbed.inspectEnd()
            #expect(undisturbed.violations == [])
            for (index, point) in crashed.enumerated() {
                var (world, other) = (point.0, SimulatedCourier("b"))
                other.settle(&world)
                world.inspectEnd()
                #expect(world.violations == [], "after effect \(index) of \(crashed.count)")
                expectSameEnd(world, undisturbed, claimed: point.claimed, after: index)
                points += 1
                messages += world.messages
            }
        }
        print("\(kind.rawValue): crashed at \(points) points, \(messages) messages went out")
    }

    private func expectSameEnd(
        _ world: DeliveryWorld, _ undisturbed: DeliveryWorld, claimed: Set<String>, after index: Int
    ) {
        for recipient in world.recipients {
            let (copy, expected) = (world.copy(recipient), undisturbed.copy(recipient))
            guard claimed.contains(recipient) else {
                #expect(copy?.phase == expected?.phase, "\(recipient) after effect \(index)")
                #expect(world.arrivals[recipient] == undisturbed.arrivals[recipient])
                continue
            }
            // What came of that try is lost: where it may have arrived, that is said.
            let allowed: Set<DeliveryCopy.Phase?> =
                world.isHarmless && expected?.phase == .sent ? [.sent] : [expected?.phase, .unknown, .sent]
            #expect(allowed.contains(copy?.phase), "\(recipient) after effect \(index)")
            if copy?.phase == .sent, !world.isHarmless { #expect(copy?.possiblyTwice == true) }
        }
    }
}
