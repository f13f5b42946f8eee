import KubernetesModel
import ReportAPI

/// Says that a report was asked for already, and how to read it: before it is asked for again.
enum SimilarView {
    /// The first of them and how many more. `command`: makes of words what to type.
    static func lines(_ requests: [ReportRequest], now: Timestamp, command: (String...) -> String) -> [String] {
        guard let first = requests.first else { return [] }
        let name = first.metadata.name
        let status = first.status
        let age = Moments.age(status?.completedAt ?? first.metadata.creationTimestamp, now: now)
        let who = first.spec.value?.requester?.name ?? first.spec.value?.requester?.email
        let asked = who.map { ", asked for by \($0)" } ?? ""
        let more = requests.count > 1 ? [sentence(more: requests.count - 1)] : []
        switch status?.phase {
        case .succeeded:
            return [
                "\(name) is the same report, finished \(age) ago\(asked)",
                "  read it: \(command("report", name)), or its rows: \(command("result", name))",
            ] + more
        case .failed:
            return [
                "\(name) is the same report; it failed \(age) ago\(asked)",
                "  why: \(command("describe", name))", "  resume it: \(command("retry", name))",
            ] + more
        case .queued, .running, .cancelling, .cancelled, nil:
            let phase = status?.phase.map { "\($0.rawValue)" } ?? "not begun yet"
            return [
                "\(name) is the same report; it is \(phase) and was asked for \(age) ago\(who.map { " by \($0)" } ?? "")",
                "  watch it: \(command("watch", name))",
            ] + more
        }
    }

    private static func sentence(more: Int) -> String { "  and \(more) more with the same parameters" }

    /// Whether a person is asked: one who requests it again after a failure knows why.
    static func asks(_ requests: [ReportRequest]) -> Bool { requests.contains { $0.status?.phase != .failed } }
}
