import ReportAPI
import TestSupport

/// One course of a scenario: what disturbed it, by a seed. The same seed is the same history.
struct History: Sendable, CustomStringConvertible {
    enum Disturbance: Hashable, Sendable {
        /// A pass on watches that are late; it lives to do a number of writes, and then the operator starts over.
        case stalePass(step: Int, lag: Lag, writes: Int?)
        /// What becomes of that write, counted from the beginning.
        case fault(write: Int, Fault)
    }

    enum Fault: CaseIterable, Sendable {
        case replyLost, requestLost, conflict, busy, unavailable

        var api: APIFault {
            switch self {
            case .replyLost: .replyLost
            case .requestLost: .requestLost
            case .conflict: .conflict
            case .busy: .busy()
            case .unavailable: .unavailable
            }
        }
    }

    let scenario: Scenario
    let seed: UInt64
    var disturbances: [Disturbance]

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
        let scenarios = (Scenario.all(seed: seed % 16) + Scenario.sending(seed: seed % 16)).filter { !$0.isMeddledWith }
        scenario = scenarios[below(scenarios.count)]
        self.seed = seed
        var found: [Disturbance] = []
        // From quiet histories, in which the rare one matters, to those in which hardly anything goes well.
        let (passes, crashes) = (below(4), 2 + below(12))
        for step in 0..<Scenario.steps {
            for _ in 0..<(passes > 0 ? below(passes + 1) : 0) {
                let lag = Lag(
                    requests: below(3) == 0 ? below(6) : 0, jobs: below(16), pods: below(16), deliveries: below(16))
                found.append(.stalePass(step: step, lag: lag, writes: below(crashes) == 0 ? below(3) : nil))
            }
        }
        let rarity = [2, 5, 20, 100][below(4)]
        for write in 0..<60 where below(rarity) == 0 {
            found.append(.fault(write: write, Fault.allCases[below(Fault.allCases.count)]))
        }
        disturbances = found
    }

    var description: String {
        "seed \(seed), \(scenario): \(disturbances.map { "\($0)" }.joined(separator: "; "))"
    }

    /// How it ended, and how many steps and passes that took.
    struct Course: Sendable {
        var faults: [String]
        var steps: Int
    }

    /// Everything that has to hold, whatever disturbs it.
    func run() async -> Course {
        var faultOfWrite: [Int: APIFault] = [:]
        var passes: [Int: [(lag: Lag, writes: Int?)]] = [:]
        for disturbance in disturbances {
            switch disturbance {
            case .stalePass(let step, let lag, let writes): passes[step, default: []].append((lag, writes))
            case .fault(let write, let fault): faultOfWrite[write] = fault.api
            }
        }
        let faultsByWrite = faultOfWrite
        var cluster = scenario.cluster { $0.verb.isWrite ? faultsByWrite[$0.number] : nil }
        var simulated = SimulatedOperator(on: cluster)
        var count = 0
        for step in 0..<Scenario.steps {
            scenario.happen(in: cluster, before: step)
            for (lag, writes) in passes[step] ?? [] {
                count += 1
                await simulated.pass(&cluster, lag: lag, writes: writes ?? .max)
                if writes != nil { simulated = SimulatedOperator(on: cluster) }
            }
            cluster.step()
            if step % 8 == 0 { await simulated.settle(&cluster) }
            if scenario.isOver(cluster, after: step), step % 16 == 0 { break }
        }
        await scenario.finish(&cluster, &simulated)
        let faults = self.faults(in: cluster)
        return Course(faults: faults, steps: count + cluster.steps)
    }

    /// Whether somebody deletes a request that nothing keeps: a stage that the operator starts before it hears of that goes with it.
    private var isTakenAway: Bool {
        let isKept = scenario.script.hasStore || scenario.script.hasLock
        return !isKept && scenario.events.values.contains { $0.contains(.delete) }
    }

    /// Whether it may never end: a cancellation that is taken back before the operator has carried it out was none, and what hangs
    /// then goes on.
    private var mayGoOn: Bool {
        scenario.script.outcomes.values.contains(.hangs)
            && scenario.events.values.contains { $0.contains(.resume) }
    }

    private func faults(in cluster: SimulatedCluster) -> [String] {
        // Who doesn't know what became of a write meets what it has made itself.
        var faults = cluster.violations.filter { !$0.hasPrefix("on fresh caches") }
        if isTakenAway { faults.removeAll { $0.hasSuffix("started after its request had gone") } }
        let request = cluster.request(Scenario.uid)
        if !mayGoOn {
            if !scenario.isOver(cluster, after: cluster.steps) { faults.append("it isn't over") }
            if let request, request.status?.isTerminal != true { faults.append("it has no end") }
            if request != nil, cluster.runs(Scenario.uid) { faults.append("something of it still runs") }
        }
        if request == nil, !scenario.events.values.contains(where: { $0.contains(.delete) }) {
            faults.append("nobody deleted it, and it is gone")
        }
        return faults
    }

    /// The same history with as few disturbances as are needed for what `fails` says.
    func shrunk(while fails: (History) async -> Bool) async -> History {
        var smallest = self
        var size = max(1, smallest.disturbances.count / 2)
        while true {
            var start = 0
            while start < smallest.disturbances.count {
                var candidate = smallest
                candidate.disturbances.removeSubrange(start..<min(start + size, candidate.disturbances.count))
                if await fails(candidate) { smallest = candidate } else { start += size }
            }
            guard size > 1 else { return smallest }
            size /= 2
        }
    }
}
