import KubernetesModel
import TestSupport

@testable import ControllerRuntime

/// A lease on a server, some who want it, and time that passes: calls take long, get lost before or after they did
/// anything, the server is away for a while, processes crash, stop in good order and stand still.
struct ElectionWorld {
    private struct Call {
        var action: LeaderElectionState.Action
        /// By the caller's clock.
        var begun: Duration
        /// When the server does it; nil: never, or it has.
        var servedAt: Duration?
        /// When the answer comes, or the caller gives up.
        var answeredAt: Duration
        var outcome: Outcome = .lost
    }

    private enum Outcome {
        case lease(Lease?)
        case conflict
        case lost
    }

    private struct Process {
        var state: LeaderElectionState
        /// What its clock is ahead of the others'.
        let offset: Duration
        var call: Call?
        var hasEnded = false
        var isStalledUntil = Duration.zero
    }

    private(set) var clashes = 0
    private(set) var terms = 0
    private var now = Duration.zero
    private var lease: Lease?
    private var version = 0
    private var awayUntil = Duration.zero
    private var started = 0
    private var processes: [Process] = []
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        for _ in 0..<3 { processes.append(start()) }
    }

    mutating func run(steps: Int) {
        for _ in 0..<steps {
            now += .milliseconds(chance(30) ? 1000 : Int.random(in: 1...200, using: &random))
            if chance(200) { awayUntil = now + .seconds(Int.random(in: 1...40, using: &random)) }
            for index in processes.indices { step(index) }
            let acting = processes.count { process in
                !process.hasEnded && (process.state.mayActUntil ?? .zero) > now + process.offset
            }
            if acting > 1 { clashes += 1 }
        }
    }

    private mutating func start() -> Process {
        started += 1
        return Process(
            state: LeaderElectionState(identity: "process-\(started)", timing: LeaderElectionTiming()),
            offset: .seconds(Int.random(in: 0...100_000, using: &random)))
    }

    private mutating func step(_ index: Int) {
        var process = processes[index]
        defer { processes[index] = process }
        serve(&process)
        if process.hasEnded || chance(400) {
            // What it had sent may still arrive; that is its last renewal, which leads nobody to act.
            if process.call?.servedAt == nil { process = start() } else { process.hasEnded = true }
            return
        }
        if chance(300) { process.isStalledUntil = now + .seconds(Int.random(in: 1...30, using: &random)) }
        guard now >= process.isStalledUntil else { return }
        let local = now + process.offset
        if let call = process.call {
            if now >= call.answeredAt { answer(call, to: &process, at: local) }
            return
        }
        if process.state.isLeading, chance(300) {
            giveBack(&process)
            return
        }
        let action = process.state.action(at: local)
        switch action {
        case .wait(_, nil): break
        case .wait(_, _?): if awayUntil <= now, chance(3) { process.state.saw(lease, at: local) }
        case .stepDown: process.hasEnded = true
        case .read, .write: process.call = begin(action, at: local)
        }
    }

    private mutating func begin(_ action: LeaderElectionState.Action, at local: Duration) -> Call {
        let there = Duration.milliseconds(Int.random(in: 1...(chance(10) ? 8000 : 50), using: &random))
        let back = Duration.milliseconds(Int.random(in: 1...(chance(10) ? 8000 : 50), using: &random))
        let givesUp = now + .seconds(5)
        return Call(
            action: action, begun: local, servedAt: chance(15) ? nil : now + there,
            answeredAt: min(now + there + back, givesUp))
    }

    /// What the server does with a call when it arrives, also when nobody waits for the answer any more.
    private mutating func serve(_ process: inout Process) {
        guard let call = process.call, let servedAt = call.servedAt, servedAt <= now else { return }
        process.call?.servedAt = nil
        guard awayUntil <= now else { return }
        switch call.action {
        case .read: process.call?.outcome = .lease(lease)
        case .write(let expected, let claim):
            guard expected == lease?.metadata.resourceVersion else {
                process.call?.outcome = .conflict
                return
            }
            write(process.state.identity, transitions: claim.transitions)
            if claim.isNew { terms += 1 }
            process.call?.outcome = .lease(lease)
        case .wait, .stepDown: break
        }
    }

    private mutating func answer(_ call: Call, to process: inout Process, at local: Duration) {
        // A candidate that gives up forgets the call, but it may be under way; the next one may overtake it.
        if call.servedAt != nil { return }
        process.call = nil
        switch (call.outcome, call.action) {
        case (.lease(let lease), .read): process.state.saw(lease, at: local)
        case (.lease(let lease?), .write): process.state.wrote(lease, begun: call.begun, jitter: jitter())
        case (.conflict, _): process.state.conflicted(at: local, jitter: jitter())
        default: process.state.failed(at: local, jitter: jitter())
        }
    }

    private mutating func giveBack(_ process: inout Process) {
        if awayUntil <= now, lease?.metadata.resourceVersion == process.state.lease?.metadata.resourceVersion {
            write(nil, transitions: lease?.spec?.leaseTransitions ?? 0)
        }
        process = start()
    }

    private mutating func write(_ holder: String?, transitions: Int) {
        version += 1
        lease = Lease(
            metadata: ObjectMeta(name: "lease", resourceVersion: "\(version)"),
            spec: .init(
                holderIdentity: holder, leaseDurationSeconds: 15, renewTime: "\(version)",
                leaseTransitions: transitions))
    }

    private mutating func jitter() -> Double { .random(in: 0..<1, using: &random) }

    /// Once in that number of times, on average.
    private mutating func chance(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }
}
