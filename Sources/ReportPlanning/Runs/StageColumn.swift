import KubernetesModel
package import ReportAPI

/// What `kubectl get` shows of the stages: how far, of how many, and which.
package enum StageColumn {
    private static let limit = 48

    /// Such as `2/5 transform`; nil before the request is accepted.
    ///
    /// What keeps it from going on is a word behind it: `2/5 transform: ImagePullBackOff`, or `2/5 JobNotCreated` where the stage
    /// has no Job yet.
    static func text(_ status: ReportRequestStatus) -> String? {
        guard let stages = status.stages, let text = text(stages) else { return nil }
        guard status.phase == .running, status.reason == Reason.jobNotCreated, current(stages).isEmpty else {
            return text
        }
        return "\(number(stages))/\(stages.count) \(Reason.jobNotCreated)"
    }

    /// The same of stages of which there is no status any more.
    package static func text(_ stages: [StageStatus]) -> String? {
        guard !stages.isEmpty else { return nil }
        let named = current(stages)
        guard !named.isEmpty else { return "\(done(stages))/\(stages.count)" }
        let place = "\(number(stages))/\(stages.count)"
        guard let stuck = named.first(where: \.cannotStart), let reason = stuck.reason else {
            return "\(place) \(brief(named.map(\.name)))"
        }
        let others = named.count > 1 ? " +\(named.count - 1)" : ""
        return "\(place) \(stuck.name.head(bytes: limit)): \(reason.head(bytes: limit))\(others)"
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

extension StageStatus {
    /// Whether its Job is there and something keeps its pod from running; why is its reason.
    fileprivate var cannotStart: Bool { phase == .running && reason != nil && !hasStarted }
}
