import Foundation
import Synchronization
import Testing

/// Tests run side by side, as many as two cores carry; a test that disturbs the cluster runs alone, after the others.
struct ClusterTurn: TestTrait, SuiteTrait, TestScoping {
    let need: ClusterLoad.Need

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        await ClusterLoad.shared.enter(need)
        defer { ClusterLoad.shared.leave(need) }
        try await function()
    }
}

extension Trait where Self == ClusterTurn {
    /// With pods and an operator of its own.
    static var besideOthers: Self { ClusterTurn(need: .place) }
    /// It hardly does anything but wait, so it takes nobody's place and starts at once.
    static var mostlyWaiting: Self { ClusterTurn(need: .nothing) }
    /// It stops what others need.
    static var alone: Self { ClusterTurn(need: .everything) }
}

extension Trait where Self == ConditionTrait {
    /// `hack/test end-to-end` brings one.
    static var needsCluster: Self {
        .enabled(
            if: ProcessInfo.processInfo.environment["REPORT_CLUSTER_TEST_IMAGE"] != nil,
            "needs a cluster with a node: eval \"$(hack/cluster env)\"")
    }
}

/// Who uses the cluster now.
final class ClusterLoad: Sendable {
    enum Need {
        case nothing
        case place
        case everything
    }

    static let shared = ClusterLoad()
    private static let places = 6

    private struct Waiter {
        let need: Need
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var running = 0
        var taken = 0
        var isExclusive = false
        var waiting: [Waiter] = []

        /// The first that may go on; one that needs everything comes after all others.
        mutating func next() -> Waiter? {
            guard let index = waiting.firstIndex(where: { mayEnter($0.need) }) else { return nil }
            let waiter = waiting.remove(at: index)
            count(waiter.need, 1)
            return waiter
        }

        private func mayEnter(_ need: Need) -> Bool {
            switch need {
            case .nothing: !isExclusive
            case .place: !isExclusive && taken < ClusterLoad.places
            case .everything: running == 0 && waiting.allSatisfy { $0.need == .everything }
            }
        }

        mutating func count(_ need: Need, _ change: Int) {
            running += change
            switch need {
            case .nothing: break
            case .place: taken += change
            case .everything: isExclusive = change > 0
            }
        }
    }

    private let state = Mutex(State())

    func enter(_ need: Need) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiting.append(Waiter(need: need, continuation: continuation)) }
            wake()
        }
    }

    func leave(_ need: Need) {
        state.withLock { $0.count(need, -1) }
        wake()
    }

    private func wake() {
        while let next = state.withLock({ $0.next() }) { next.continuation.resume() }
    }
}
