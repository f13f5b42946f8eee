import ReportAPI

/// What `kubectl get` shows of the stages: how far, of how many, and which.
enum StageColumn {
    private static let limit = 48

    /// Such as `2/5 transform`; nil before the request is accepted.
    static func text(_ status: ReportRequestStatus) -> String? {
        guard let stages = status.stages, !stages.isEmpty else { return nil }
        let done = stages.count { $0.phase == .succeeded }
        let named = current(stages)
        guard !named.isEmpty else { return "\(done)/\(stages.count)" }
        return "\(done + 1)/\(stages.count) \(brief(named.map(\.name)))"
    }

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
