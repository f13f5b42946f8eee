public import KubernetesModel
public import ReportAPI
import ReportPlanning

/// One run as it is followed: takes what is heard of it, and says what to do. It does nothing itself.
public struct RunFollowing: Sendable {
    public enum Heard: Sendable {
        case requests([ReportRequest])
        case pods([Pod])
        /// All pods there are, asked for after the run was over.
        case lastPods([Pod])
        case logEnded(pod: String, LogTail.End)
        case lost(String)
        case recovered
        case tick
        case interrupted
    }

    public enum Action: Sendable {
        /// What the run is now.
        case show(ReportRequest)
        /// It is as it was, some time later.
        case showAgain(ReportRequest)
        case note(Note)
        case read(Pod)
        case askForLastPods
        case end(Outcome)
    }

    /// What happens beside the run.
    public enum Note: Sendable, Equatable {
        /// The API server can't be asked any more; why. It is tried again.
        case lost(String)
        case recovered
        /// The container of that pod is gone, and its log ends here.
        case logGone(pod: String)
    }

    public enum Outcome: Sendable, Equatable {
        /// `isGoing`: its request is being deleted, so it can't be run again.
        case finished(ReportRequestStatus, isGoing: Bool)
        /// It was deleted before it was over, or before an end of it was seen.
        case deleted
        case interrupted
    }

    private let uid: String
    private let attempt: Int
    /// Whether logs are read; of one stage alone if it is named.
    private let readsLogs: Bool
    private let stage: String?
    public private(set) var request: ReportRequest
    private var order: LogOrder?
    private var pods: [Pod] = []
    private var outcome: Outcome?
    private var hasAllPods = false
    private var hasAskedForPods = false

    public init(_ request: ReportRequest, attempt: Int, readsLogs: Bool, stage: String? = nil) {
        self.request = request
        self.attempt = attempt
        self.readsLogs = readsLogs
        self.stage = stage
        uid = request.metadata.uid
    }

    public mutating func hear(_ heard: Heard) -> [Action] {
        switch heard {
        case .requests(let requests): return see(requests.first { $0.metadata.uid == uid })
        case .pods(let seen):
            pods = seen
            return readNext()
        case .lastPods(let seen):
            pods = seen
            hasAllPods = true
            return readNext()
        case .logEnded(let pod, let end):
            order?.finish(pod)
            let note: [Action] = end == .gone ? [.note(.logGone(pod: pod))] : []
            return note + readNext()
        case .lost(let message): return [.note(.lost(message))]
        case .recovered: return [.note(.recovered)]
        case .tick: return outcome == nil ? [.showAgain(request)] : []
        case .interrupted: return [.end(.interrupted)]
        }
    }

    private mutating func see(_ seen: ReportRequest?) -> [Action] {
        guard outcome == nil else { return [] }
        if let seen { request = seen }
        let actions: [Action] = [.show(request)]
        if isOver {
            outcome = isStoppedByDeletion ? .deleted : finished
        } else if seen == nil {
            outcome = .deleted
        }
        guard outcome != nil else { return actions + readNext() }
        // A pod that lived shortly may not have been told yet.
        return actions + (readsLogs ? askForLastPods() : ending())
    }

    private var isOver: Bool {
        guard let status = request.status, let phase = status.phase, phase.isTerminal else { return false }
        // What has Succeeded isn't run again, whatever is asked for; a restored copy of it is.
        return (phase == .succeeded && !status.isRestored) || status.attempt ?? 1 >= attempt
    }

    private var finished: Outcome {
        .finished(request.status ?? ReportRequestStatus(), isGoing: request.metadata.isDeleting)
    }

    /// The operator cancels a run whose request is deleted: nothing is left that could be run again.
    private var isStoppedByDeletion: Bool {
        request.status?.phase == .cancelled && request.status?.reason == Reason.requestDeleted
    }

    private mutating func readNext() -> [Action] {
        guard readsLogs else { return [] }
        if order == nil, let stages = request.status?.accepted?.pipeline.stages { order = LogOrder(stages) }
        let wanted = wantedPods
        let next = order?.next(wanted) ?? []
        return next.map { .read($0) } + ending()
    }

    /// Of the stage's attempt that counts, or from this attempt on.
    private var wantedPods: [Pod] {
        // By their owner: anyone who may create pods can put our labels on them.
        pods.filter(request.owns).filter { pod in
            let labels = pod.metadata.labels
            if let stage, labels[ReportsAPI.Label.stage] != stage { return false }
            guard let number = labels[ReportsAPI.Label.attempt].flatMap({ Int($0) }) else { return false }
            if let stage, let known = request.status?.stage(stage) {
                return number == known.attempt ?? number
            }
            return number >= attempt
        }
    }

    private mutating func askForLastPods() -> [Action] {
        guard !hasAskedForPods else { return [] }
        hasAskedForPods = true
        return [.askForLastPods]
    }

    private mutating func ending() -> [Action] {
        guard let outcome else {
            // A stage that is through has no more to say, though the run goes on.
            guard let stage, let known = request.status?.stage(stage),
                known.completedAt != nil || known.phase == .skipped, order?.reading.isEmpty != false
            else { return [] }
            return hasAllPods ? [.end(finished)] : askForLastPods()
        }
        if readsLogs, !hasAllPods || order?.reading.isEmpty == false { return [] }
        return [.end(outcome)]
    }
}
