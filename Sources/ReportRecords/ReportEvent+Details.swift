public import FoundationEssentials
internal import KubernetesModel
public import ReportAPI

extension ReportEvent {
    /// What is kept of a request in `report_events`: its transitions, with all that the record says beside them, and its
    /// deletion. From these events alone the record can be made again.
    ///
    /// The ids follow from what is told, as those of the transitions. Details are of the moment at which an event is first
    /// told, such as a priority that is edited later; then the end tells it anew.
    ///
    /// `origin`: where the request was made; `asOf`: when the source was read of what it has published.
    public static func kept(
        of request: ReportRequest, origin: RecordOrigin = .unknown, asOf: Date? = nil
    ) -> [ReportEvent] {
        guard let status = request.status else { return [] }
        let present = status.attempt ?? 1
        let phases = status.transitions?.map(\.phase.rawValue) ?? []
        let asked = Asked(request)
        var isFirst = true
        var events = all(of: request, asOf: asOf).map { event in
            guard event.stage == nil, event.attempt == present else { return event }
            var event = event
            let isEnd = ReportRequestStatus.Phase(rawValue: event.phase)?.isTerminal ?? false
            if isFirst || isEnd { event.asked = asked }
            isFirst = false
            let hasBegun = phases.contains(ReportRequestStatus.Phase.running.rawValue)
            if !isEnd || !hasBegun, event.phase != ReportRequestStatus.Phase.cancelling.rawValue {
                event.accepted = Accepted(status)
            }
            if isEnd { event.describeEnd(of: request, status) }
            return event
        }
        if let deletion = deletion(of: request, status) { events.append(deletion) }
        for index in events.indices { events[index].origin = origin }
        return events
    }

    private mutating func describeEnd(of request: ReportRequest, _ status: ReportRequestStatus) {
        message = status.runExplanation
        let others = (status.stages ?? []).filter { $0.completedAt == nil }
        otherStages = others.isEmpty ? nil : others.map(ReportRecord.Stage.init)
        generation = request.metadata.generation
        resourceVersion = request.metadata.resourceVersion
    }

    private static func deletion(of request: ReportRequest, _ status: ReportRequestStatus) -> ReportEvent? {
        let metadata = request.metadata
        guard let at = metadata.deletionTimestamp else { return nil }
        let attempt = status.attempt ?? 1
        // One that ended because of it was deleted before.
        let isAfterEnd = status.isTerminal && status.reason != Reason.requestDeleted
        var event = ReportEvent(
            id: "\(metadata.uid)/\(attempt)/\(deleted)", requestUID: metadata.uid, namespace: metadata.namespace,
            name: metadata.name, pipeline: request.pipelineLabel, attempt: attempt, phase: deleted, at: at.date,
            sequence: EventSequence.number(
                attempt: attempt, place: isAfterEnd ? .deletedAfterEnd : .deletedBeforeEnd, at: at, stage: nil))
        event.asked = Asked(request)
        // Of one that nothing kept until its end it is the last word.
        event.reason = status.reason
        event.message = status.runExplanation
        event.generation = metadata.generation
        event.resourceVersion = metadata.resourceVersion
        return event
    }
}

extension ReportEvent.Asked {
    fileprivate init(_ request: ReportRequest) {
        let record = ReportRecord(request)
        createdAt = record.createdAt
        requester = record.requester
        schedule = record.schedule
        formats = record.formats
        priority = record.priority
        parameters = request.status?.accepted == nil ? record.parameters : nil
    }
}

extension ReportEvent.Accepted {
    fileprivate init?(_ status: ReportRequestStatus) {
        guard let accepted = status.accepted else { return nil }
        pipeline = .spec(accepted.pipeline)
        parameters = accepted.parameters
        deliveries = accepted.deliveries?.map(PinnedDelivery.init)
        failureNotice = accepted.failureNotice.map(PinnedDelivery.init)
    }
}
