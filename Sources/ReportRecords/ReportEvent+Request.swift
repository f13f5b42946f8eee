public import FoundationEssentials
internal import KubernetesModel
public import ReportAPI

extension ReportEvent {
    /// Every transition that a request's status tells of, in order. A function of the request alone: seen late, or again,
    /// or after a restart, an event is the same.
    public static func all(of request: ReportRequest) -> [ReportEvent] { all(of: request, asOf: nil) }

    /// The same, with when the source was read of what it has published, where its status doesn't say so yet.
    public static func all(of request: ReportRequest, asOf: Date?) -> [ReportEvent] {
        guard let status = request.status else { return [] }
        let teller = Teller(request: request, status: status)
        let present = status.attempt ?? 1
        var events = teller.run(
            attempt: present, status.transitions ?? status.legacyTransitions, startedAt: status.startedAt,
            asOf: asOf ?? status.asOf?.date)
        events += teller.stages(status.stages ?? [], attempt: present)
        for previous in status.previousAttempts ?? [] {
            events += teller.run(
                attempt: previous.attempt, previous.transitions ?? previous.legacyTransitions,
                startedAt: previous.startedAt)
            events += teller.stages(previous.stages ?? [], attempt: previous.attempt)
        }
        var ids: Set<String> = []
        return events.filter { ids.insert($0.id).inserted }.sorted { ($0.sequence, $0.id) < ($1.sequence, $1.id) }
    }

    private struct Teller {
        let request: ReportRequest
        let status: ReportRequestStatus

        func run(
            attempt: Int, _ transitions: [PhaseTransition], startedAt: Timestamp?, asOf: Date? = nil
        ) -> [ReportEvent] {
            transitions.map { transition in
                event(
                    attempt: attempt, phase: transition.phase.rawValue, at: transition.at,
                    place: EventSequence.Place(transition.phase)
                ) {
                    $0.reason = transition.reason
                    if transition.phase.isTerminal { $0.startedAt = startedAt?.date }
                    if transition.phase == .succeeded { $0.asOf = asOf }
                }
            }
        }

        func stages(_ stages: [StageStatus], attempt: Int) -> [ReportEvent] {
            stages.flatMap { stage in
                // One that succeeded earlier keeps the attempt in which it ran.
                let attempt = stage.attempt ?? attempt
                let index = status.stages?.firstIndex { $0.name == stage.name }
                var events: [ReportEvent] = []
                if let at = stage.startedAt {
                    events.append(
                        event(
                            attempt: attempt, stage: stage.name, phase: StageStatus.Phase.running.rawValue, at: at,
                            place: .stageStart, index: index
                        ) { $0.job = stage.job })
                }
                if let at = stage.completedAt, let place = EventSequence.Place(endOf: stage.phase) {
                    events.append(
                        event(
                            attempt: attempt, stage: stage.name, phase: stage.phase.rawValue, at: at, place: place,
                            index: index
                        ) {
                            $0.reason = stage.reason
                            $0.exitCode = stage.exitCode
                            $0.message = stage.message?.cut(toBytes: ReportEvent.messageLimit)
                            $0.job = stage.job
                            $0.startedAt = stage.startedAt?.date
                        })
                }
                return events
            }
        }

        private func event(
            attempt: Int, stage: String? = nil, phase: String, at: Timestamp, place: EventSequence.Place,
            index: Int? = nil, _ edit: (inout ReportEvent) -> Void = { _ in }
        ) -> ReportEvent {
            let metadata = request.metadata
            let parts = [metadata.uid, String(attempt), stage, phase].compactMap(\.self)
            var event = ReportEvent(
                id: parts.joined(separator: "/"), requestUID: metadata.uid, namespace: metadata.namespace,
                name: metadata.name, pipeline: request.pipelineLabel, attempt: attempt, stage: stage, phase: phase,
                at: at.date, sequence: EventSequence.number(attempt: attempt, place: place, at: at, stage: index))
            edit(&event)
            return event
        }
    }

    private static let messageLimit = 256 << 10
}

extension ReportRequestStatus {
    /// Of a status that was written before there were transitions.
    fileprivate var legacyTransitions: [PhaseTransition] {
        let end = completedAt.flatMap { at in
            phase.flatMap { $0.isTerminal ? PhaseTransition(phase: $0, at: at, reason: reason) : nil }
        }
        return [
            queuedAt.map { PhaseTransition(phase: .queued, at: $0) },
            startedAt.map { PhaseTransition(phase: .running, at: $0) },
            end,
        ].compactMap(\.self)
    }
}

extension PreviousAttempt {
    fileprivate var legacyTransitions: [PhaseTransition] {
        [
            startedAt.map { PhaseTransition(phase: .running, at: $0) },
            completedAt.map { PhaseTransition(phase: phase, at: $0, reason: reason) },
        ].compactMap(\.self)
    }
}
