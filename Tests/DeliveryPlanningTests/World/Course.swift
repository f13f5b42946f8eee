import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport

@testable import DeliveryPlanning

/// One course of things by a seed: disturbed for a while, then left to itself.
struct Course {
    private(set) var world: DeliveryWorld
    private(set) var crashes = 0
    private var couriers = [SimulatedCourier("c0")]
    private var generator: SeededGenerator
    private var names = 1

    init(seed: UInt64, _ kind: ReportChannelSpec.Kind) {
        generator = SeededGenerator(seed: seed)
        world = DeliveryWorld.delivery(kind, recipients: Int.random(in: 1...3, using: &generator))
        for recipient in world.recipients {
            world.passing[recipient] = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                [.deferred, .uncertainAndArrived, .uncertainAndLost].randomElement(using: &generator) ?? .deferred
            }
            world.lasting[recipient] = chance(4) ? .refused : .sent
        }
    }

    mutating func run() {
        for _ in 0..<Int.random(in: 5...40, using: &generator) { disturb() }
        world.isLedgerAway = false
        world.brokenSince = nil
        // The last of them dies, too.
        var heir = SimulatedCourier("heir")
        heir.settle(&world)
        world.inspectEnd()
    }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }

    private mutating func disturb() {
        let index = Int.random(in: 0..<couriers.count, using: &generator)
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<8:
            // Most of the time its watch is up to date, and it lives through the pass.
            let behind = chance(4) ? Int.random(in: 1...3, using: &generator) : 0
            let dies = chance(6)
            let effects = dies ? Int.random(in: 0...3, using: &generator) : .max
            couriers[index].pass(&world, behind: behind, effects: effects)
            if dies { crash(index) }
        case 8..<14:
            guard let recipient = couriers[index].sends.keys.sorted().randomElement(using: &generator) else { return }
            couriers[index].step(recipient, &world)
            if chance(8) { crash(index) }
        case 14, 15: world.now += Double.random(in: 0...15, using: &generator)
        case 16: world.now += Double.random(in: 0...900, using: &generator)
        case 17:
            if chance(2) {
                world.isLedgerAway.toggle()
            } else {
                world.brokenSince = world.brokenSince == nil ? world.now : nil
            }
        case 18:
            // A second one takes over before the first knows that its lease is gone.
            if couriers.count < 2 {
                couriers.append(courier())
            } else {
                couriers.remove(at: index)
            }
        default:
            if chance(8) { world.delete() } else if chance(8) { world.now += 100_000 } else { restore() }
        }
    }

    private mutating func crash(_ index: Int) {
        crashes += 1
        couriers[index] = courier()
    }

    private mutating func courier() -> SimulatedCourier {
        defer { names += 1 }
        var courier = SimulatedCourier("c\(names)")
        courier.skew = Double.random(in: -20...20, using: &generator)
        return courier
    }

    /// Somebody restores one of the two from a backup, while no courier runs and each tells what the other does.
    private mutating func restore() {
        guard let delivery = world.delivery, !delivery.metadata.isDeleting, !delivery.metadata.finalizers.isEmpty,
            let told = delivery.status?.recipients,
            told.allSatisfy({ $0.phase == world.copy($0.to)?.phase ?? .pending }),
            world.recipients.allSatisfy({ world.copy($0)?.phase != .sending }),
            told.allSatisfy({ recipient in
                world.copy(recipient.to).map { $0.uncertain ?? 0 == 0 || recipient.possiblyTwice == true } ?? true
            })
        else { return }
        couriers = [courier()]
        if chance(2) {
            world.restoreResource()
        } else {
            world.restoreLedger()
        }
    }
}
