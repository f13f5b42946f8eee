import KubernetesModel
import ReportAPI

/// What a run says that waits for its turn: who runs, and its place. It is written when the run queues, and again when it is
/// next: others' moves in between rewrite nobody's status, so that the place says of which moment it is.
enum WaitingMessage {
    private static let next = "is next"
    private static let fault = "can't be read"

    static func text(_ group: ConcurrencyGroup, _ draft: RunDraft) -> String {
        let unreadable = unreadable(draft.observed.queue)
        let line = draft.observed.line
        if let said = said(draft), said.hasPrefix(next) == line.isNext,
            unreadable.isEmpty ? !said.contains(fault) : said.hasSuffix(unreadable)
        {
            return said
        }
        let bound = " (at most \(group.limit) at once of concurrency key \"\(group.key)\")"
        return words(line, draft.now) + bound + unreadable
    }

    /// What its status says already while it waits.
    private static func said(_ draft: RunDraft) -> String? {
        guard let status = draft.request.status, status.phase == .queued, status.reason == Reason.waitingForTurn,
            status.attempt ?? 1 == draft.attempt
        else { return nil }
        return status.runMessage
    }

    private static func words(_ line: QueueLine, _ now: Timestamp) -> String {
        let running = running(line)
        if line.isNext { return next + (running.map { ", after \($0)" } ?? "") }
        let behind = running.map { ": \($0)" } ?? ""
        guard let place = line.place else { return "waits for its turn\(behind)" }
        let words =
            place > QueueLine.longest ? "more than \(QueueLine.longest) before it" : "place \(place) in the queue"
        return "waits for its turn, \(words) at \(now)\(behind)"
    }

    private static func running(_ line: QueueLine) -> String? {
        guard !line.running.isEmpty else { return nil }
        let names = line.running.joined(separator: ", ") + (line.others > 0 ? " and \(line.others) more" : "")
        return line.running.count + line.others == 1 ? "\(names), which runs" : "\(names), which run"
    }

    private static func unreadable(_ queue: ObservedRun.Queue) -> String {
        guard let first = queue.unreadable.first else { return "" }
        let others = queue.unreadable.count > 1 ? " and \(queue.unreadable.count - 1) more" : ""
        return "; reportrequest \"\(first)\"\(others) has a place and \(fault): repair or delete it "
            + "(kubectl describe reportrequest \(first) shows what is wrong)"
    }
}
