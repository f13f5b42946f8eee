package import ReportAPI

/// What `kubectl get` shows of the stages: how far, of how many, and which.
package enum StageColumn {
    private static let limit = 48

    /// Such as `2/5 transform`; nil before the request is accepted.
    static func text(_ status: ReportRequestStatus) -> String? { status.stages.flatMap(text) }

    /// The same of stages of which there is no status any more.
    package static func text(_ stages: [StageStatus]) -> String? {
        guard !stages.isEmpty else { return nil }
        let named = current(stages)
        guard !named.isEmpty else { return "\(done(stages))/\(stages.count)" }
        return "\(number(stages))/\(stages.count) \(brief(named.map(\.name)))"
    }

    /// Which stage a run is at that has begun one, counted from 1: the one after those that have succeeded.
    static func number(_ stages: [StageStatus]) -> Int { done(stages) + 1 }

    private static func done(_ stages: [StageStatus]) -> Int { stages.count { $0.phase == .succeeded } }

    /// What failed, else what runs, else what was stopped.
    private static func current(_ stages: [StageStatus]) -> [StageStatus] {
        for phase in [StageStatus.Phase.failed, .running, .cancelled] {
            let found = stages.filter { $0.phase == phase }
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The names, as many as fit.
    static func brief(_ names: [String]) -> String {
        var text = names.first ?? ""
        for (index, name) in names.enumerated().dropFirst() {
            let more = " +\(names.count - index)"
            guard text.count + name.count + 2 + more.count <= limit else { return text + more }
            text += ", " + name
        }
        return text
    }
}
