import KubernetesModel
import ReportAPI
import ReportPlanning
import Testing

@testable import ReportController

/// What the operator believes of its shared locks.
@Suite struct SharedLockTableTests {
    private static let group = ConcurrencyGroup(
        namespace: "finance", pipeline: PipelineSpec(concurrency: .init(key: "erp", scope: .shared), stages: []),
        name: "tb")
    private let key = ObjectKey(namespace: "finance", name: "tb-1")
    private let start = ContinuousClock.now

    private func held(until lapses: Duration = .seconds(30)) -> SharedLockTable {
        var table = SharedLockTable()
        table.take(Self.group, key: key, uid: "u", now: start)
        table.update("u") { entry in
            entry.state = .held(fence: 7)
            entry.lapses = start + lapses
        }
        return table
    }

    @Test func leaseThatHasRunOutIsNoHold() {
        let table = held()
        #expect(table.observed("u", now: start + .seconds(29)) == .held(fence: 7))
        guard case .waiting(let reason, _) = table.observed("u", now: start + .seconds(30)) else {
            Issue.record("it still counts")
            return
        }
        #expect(reason == Reason.sharedLockUnavailable)
    }

    @Test func lostAndReleasedLocksAskForNothing() {
        for state in [SharedLockTable.State.lost, .released] {
            var table = held()
            table.update("u") { $0.state = state }
            #expect(table.entries["u"]?.call == nil)
            table.update("u") { $0.fail("away", now: start + .seconds(60)) }
            #expect(table.entries["u"]?.state == state)
        }
    }

    @Test func lockIsGivenBackOnceAndByItsLapseToo() {
        var table = held()
        table.release(Self.group, key: key, uid: "u", now: start)
        #expect(table.observed("u", now: start) == .releasing)
        table.update("u") { $0.fail("away", now: start + .seconds(10)) }
        #expect(table.observed("u", now: start) == .releasing)
        table.update("u") { $0.fail("away", now: start + .seconds(31)) }
        #expect(table.observed("u", now: start) == .released)
        table.take(Self.group, key: key, uid: "u", now: start)
        #expect(table.entries["u"]?.call == .acquire)
    }

    @Test func holdOfAnotherInstanceIsConfirmedFirst() {
        var table = SharedLockTable()
        #expect(table.observed("u", now: start) == .idle)
        table.keep(Self.group, fence: 9, key: key, uid: "u", now: start)
        #expect(table.entries["u"]?.call == .renew(fence: 9))
        guard case .waiting = table.observed("u", now: start) else {
            Issue.record("it isn't confirmed yet")
            return
        }
    }
}
