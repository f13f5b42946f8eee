internal import FoundationEssentials
internal import KubernetesModel
internal import ReportAPI

extension ReportRecord {
    /// The record as its events alone tell it; nil where there are none.
    ///
    /// What no event tells is left out: the messages of the run itself and of stages that go on, the deletion, and the
    /// version of the resource.
    package init?(events: [ReportEvent]) {
        let events = events.sorted { ($0.sequence, $0.id) < ($1.sequence, $1.id) }
        guard let first = events.first, let last = events.map(\.attempt).max() else { return nil }
        let present = AttemptTold(last, events)
        var status = ReportRequestStatus()
        status.attempt = last
        status.pipelineName = first.pipeline
        status.phase = present.phase
        status.reason = present.transitions.last?.reason
        status.transitions = present.transitions
        // A run that waits for nothing goes straight to Running.
        status.queuedAt = present.transitions.first?.at
        status.startedAt = present.at(.running)
        status.completedAt = present.phase.isTerminal ? present.transitions.last?.at : nil
        let pinned = events.last { $0.accepted != nil }?.accepted
        status.stages = Self.stages(pinned?.pipeline, events, present)
        status.previousAttempts = Set(events.map(\.attempt)).filter { $0 < last }.sorted().compactMap { number in
            AttemptTold(number, events).previous
        }
        if status.previousAttempts?.isEmpty == true { status.previousAttempts = nil }
        let asked = events.first { $0.asked != nil }?.asked
        self.init(
            ReportRequest(
                metadata: ObjectMeta(
                    name: first.name, namespace: first.namespace, uid: first.requestUID,
                    creationTimestamp: Timestamp(asked?.createdAt ?? first.at)),
                spec: ReportRequestSpec(
                    requester: asked?.requester, output: asked?.formats.map { .init(formats: $0) },
                    priority: asked?.priority),
                status: status))
        pipeline = first.pipeline
        self.pinned = pinned?.pipeline
        parameters = pinned?.parameters ?? asked?.parameters
    }

    /// Each stage as it was told last: one that succeeded keeps its attempt, the others are the present attempt's.
    private static func stages(
        _ pinned: PinnedPipeline?, _ events: [ReportEvent], _ present: AttemptTold
    ) -> [StageStatus]? {
        guard case .spec(let pipeline)? = pinned else { return nil }
        return pipeline.stages.map { stage in
            let own = events.filter { $0.stage == stage.name }
            if let success = own.last(where: { $0.phase == StageStatus.Phase.succeeded.rawValue }) {
                return StageStatus(own.filter { $0.attempt == success.attempt }, stage.name, success.attempt)
            }
            var status = StageStatus(own.filter { $0.attempt == present.number }, stage.name, present.number)
            if status.phase == .pending, let skipped = present.skipped.first(where: { $0.name == stage.name }) {
                status.phase = .skipped
                status.reason = skipped.reason
            }
            return status
        }
    }
}

/// What the events tell of one attempt.
private struct AttemptTold {
    let number: Int
    let transitions: [PhaseTransition]
    let skipped: [ReportEvent.Skipped]
    private let events: [ReportEvent]

    init(_ number: Int, _ events: [ReportEvent]) {
        self.number = number
        self.events = events.filter { $0.attempt == number }
        let own = self.events.filter { $0.stage == nil }
        transitions = own.compactMap { event in
            ReportRequestStatus.Phase(rawValue: event.phase).map {
                PhaseTransition(phase: $0, at: Timestamp(event.at), reason: event.reason)
            }
        }
        skipped = own.last { $0.skipped != nil }?.skipped ?? []
    }

    var phase: ReportRequestStatus.Phase { transitions.last?.phase ?? .queued }

    func at(_ phase: ReportRequestStatus.Phase) -> Timestamp? { transitions.first { $0.phase == phase }?.at }

    /// Nil while it goes on.
    var previous: PreviousAttempt? {
        guard let end = transitions.last, end.phase.isTerminal else { return nil }
        var names: [String] = []
        for case let name? in events.map(\.stage) where !names.contains(name) { names.append(name) }
        let stages = names.map { name in StageStatus(events.filter { $0.stage == name }, name, number) }
            .filter { $0.phase != .succeeded }
        return PreviousAttempt(
            attempt: number, phase: end.phase, reason: end.reason, startedAt: at(.running), completedAt: end.at,
            transitions: transitions, stages: stages.isEmpty ? nil : stages)
    }
}

extension StageStatus {
    /// `events`: those of this stage in this attempt, in their order.
    fileprivate init(_ events: [ReportEvent], _ name: String, _ attempt: Int) {
        self.init(name: name, attempt: attempt)
        for event in events {
            guard let phase = Phase(rawValue: event.phase) else { continue }
            self.phase = phase
            job = event.job ?? job
            if phase == .running {
                startedAt = Timestamp(event.at)
            } else {
                startedAt = event.startedAt.map(Timestamp.init) ?? startedAt
                completedAt = Timestamp(event.at)
            }
            reason = event.reason
            exitCode = event.exitCode
            message = event.message
        }
    }
}
