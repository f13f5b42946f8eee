package import ReportAPI
package import ReportRecords

/// What MongoDB holds of one request after its states were stored one after the other: an event of one id once, as it was
/// told first, and the record of the last state.
package struct RecordedHistory: Sendable {
    package private(set) var events: [String: ReportEvent] = [:]
    package private(set) var record: ReportRecord?
    private var mark: RecordMark?

    package init() {}

    package init(_ states: some Sequence<ReportRequest>) {
        for state in states { save(state) }
    }

    /// As the projector does: a state that tells nothing new is not stored.
    package mutating func save(_ request: ReportRequest) {
        guard request.status?.phase != nil, RecordMark(request) != mark else { return }
        mark = RecordMark(request)
        var new = ReportRecord(request)
        // What was accepted isn't taken back by a state without it.
        if new.pinned == nil, let known = record?.pinned {
            new.pinned = known
            new.parameters = record?.parameters
        }
        record = new
        for event in ReportEvent.kept(of: request) where events[event.id] == nil { events[event.id] = event }
    }

    /// The record as the events alone tell it.
    package var rebuilt: ReportRecord? { ReportRecord(events: Array(events.values)) }
}

extension ReportRecord {
    /// Of one that goes on: without what no event tells.
    package var asEventsTellIt: ReportRecord {
        var record = self
        guard !record.phase.isTerminal else { return record }
        record.message = nil
        record.reason = nil
        record.generation = 0
        record.resourceVersion = ""
        record.versionOrder = ""
        for index in record.stages?.indices ?? 0..<0 where record.stages?[index].completedAt == nil {
            record.stages?[index].message = nil
            record.stages?[index].reason = nil
        }
        return record
    }
}

extension ReportEvent {
    /// Without what MongoDB alone is told.
    package var transition: ReportEvent {
        var event = self
        (event.asked, event.accepted, event.otherStages) = (nil, nil, nil)
        (event.generation, event.resourceVersion) = (nil, nil)
        if event.stage == nil { event.message = nil }
        return event
    }
}
