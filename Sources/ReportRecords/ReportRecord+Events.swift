internal import FoundationEssentials
internal import KubernetesModel
internal import ReportAPI

extension ReportRecord {
    /// The record as its events alone tell it (`ReportEvent.kept`); nil where there are none.
    ///
    /// Of what has ended that is all of it, but for the version of a resource that was edited after its end. Of what goes
    /// on, no event tells the messages, why a stage doesn't start, or the version.
    public init?(events: [ReportEvent]) {
        let events = events.sorted { ($0.sequence, $0.id) < ($1.sequence, $1.id) }
        guard let first = events.first, let number = events.map(\.attempt).max() else { return nil }
        let present = ToldAttempt(number, events)
        let asked = events.last { $0.asked != nil }?.asked
        let accepted = events.last { $0.accepted != nil }?.accepted
        var status = ReportRequestStatus()
        status.attempt = number
        status.phase = present.phase
        status.transitions = present.transitions
        let stages = accepted?.pipeline.stages
        status.stages = stages.map { present.stages($0, of: events) }
        let latest = events.filter { $0.resourceVersion != nil }.max {
            ResourceVersion.isOlder($0.resourceVersion ?? "", than: $1.resourceVersion ?? "")
        }
        let deletion = events.first { $0.phase == ReportEvent.deleted }
        let version = latest?.resourceVersion ?? ""
        let previous = Set(events.map(\.attempt)).filter { $0 < number }.sorted().compactMap {
            ToldAttempt($0, events).previous(stages ?? [], of: events)
        }
        self.init(
            uid: first.requestUID,
            namespace: first.namespace,
            name: first.name,
            requester: asked?.requester,
            schedule: asked?.schedule,
            pipeline: first.pipeline,
            pinned: accepted?.pipeline,
            parameters: accepted?.parameters ?? asked?.parameters,
            deliveries: accepted?.deliveries,
            failureNotice: accepted?.failureNotice,
            formats: asked?.formats,
            priority: asked?.priority ?? 0,
            phase: present.phase,
            reason: present.end == nil ? deletion?.reason ?? present.transitions.last?.reason : present.end?.reason,
            message: present.end == nil ? deletion?.message : present.end?.message,
            attempt: number,
            stages: status.stages?.map(Stage.init),
            previousAttempts: previous.isEmpty ? nil : previous,
            createdAt: asked?.createdAt ?? first.at,
            // One that waits for nothing goes straight to Running.
            queuedAt: present.transitions.first?.at.date,
            startedAt: present.startedAt,
            completedAt: present.end?.at,
            deletedAt: deletion?.at,
            generation: events.compactMap(\.generation).max() ?? 0,
            resourceVersion: version,
            versionOrder: Self.order(of: version),
            progress: Self.progress(of: status)
        )
        // The first may have been told before it was known.
        cluster = events.lazy.compactMap(\.cluster).first
        clusterName = events.compactMap(\.clusterName).last
        namespaceUID = events.lazy.compactMap(\.namespaceUID).first
    }
}

/// What the events tell of one attempt.
private struct ToldAttempt {
    let number: Int
    let transitions: [PhaseTransition]
    let end: ReportEvent?
    private let events: [ReportEvent]

    /// `events`: the request's, in their order.
    init(_ number: Int, _ events: [ReportEvent]) {
        self.number = number
        self.events = events.filter { $0.attempt == number }
        let own = self.events.filter { $0.stage == nil }
        transitions = own.compactMap { event in
            ReportRequestStatus.Phase(rawValue: event.phase).map {
                PhaseTransition(phase: $0, at: Timestamp(event.at), reason: event.reason)
            }
        }
        end = own.last { ReportRequestStatus.Phase(rawValue: $0.phase)?.isTerminal ?? false }
    }

    var phase: ReportRequestStatus.Phase { transitions.last?.phase ?? .queued }

    /// When its first stage started.
    var startedAt: Date? {
        guard end == nil else { return end?.startedAt }
        return events.filter { $0.stage != nil }.compactMap { $0.startedAt ?? $0.at }.min()
    }

    /// Each stage as it was told last: one that succeeded keeps its attempt, the others are this attempt's.
    /// Where an attempt published no rows, the next one ran all stages again.
    func stages(_ names: [String], of all: [ReportEvent]) -> [StageStatus] {
        let whole = all.filter { $0.attempt < number && $0.publishedNothing }.map(\.attempt).max() ?? 0
        return names.map { name in
            let own = all.filter { $0.stage == name && $0.attempt > whole && $0.attempt <= number }
            if let success = own.last(where: { $0.phase == StageStatus.Phase.succeeded.rawValue }) {
                return StageStatus(own.filter { $0.attempt == success.attempt }, name, success.attempt)
            }
            if let other = end?.otherStages?.first(where: { $0.name == name }) { return StageStatus(other) }
            return StageStatus(own.filter { $0.attempt == number }, name, number)
        }
    }

    /// As it is in the record once another attempt has begun, with the stages that ran in it and did not succeed, in
    /// the pipeline's order; nil while it goes on. `all`: the request's events.
    func previous(_ names: [String], of all: [ReportEvent]) -> ReportRecord.Attempt? {
        guard let end, let phase = ReportRequestStatus.Phase(rawValue: end.phase) else { return nil }
        let stages =
            end.publishedNothing
            ? self.stages(names, of: all).filter { $0.job != nil }
            : names.map { name in StageStatus(events.filter { $0.stage == name }, name, number) }
                .filter { $0.phase != .succeeded && $0.job != nil }
        return ReportRecord.Attempt(
            attempt: number, phase: phase, reason: end.reason, startedAt: end.startedAt, completedAt: end.at,
            stages: stages.isEmpty ? nil : stages.map(ReportRecord.Stage.init))
    }
}

extension ReportEvent {
    /// Whether it ends an attempt all of whose stages succeeded, and which published none of the rows that it had to.
    fileprivate var publishedNothing: Bool {
        stage == nil && phase == ReportRequestStatus.Phase.failed.rawValue && reason == Reason.noRows
    }
}

extension PinnedPipeline {
    fileprivate var stages: [String]? {
        guard case .spec(let pipeline) = self else { return nil }
        return pipeline.stages.map(\.name)
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
                startedAt = event.startedAt.map(Timestamp.init)
                completedAt = Timestamp(event.at)
            }
            reason = event.reason
            exitCode = event.exitCode
            message = event.message
        }
    }
}
