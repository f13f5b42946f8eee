import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport
import Testing

@Suite struct ReportEventTests {
    private let uid = "5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11"

    @Test func everyTransitionIsTold() throws {
        let last = try #require(RequestLife.states().last)
        #expect(
            ReportEvent.all(of: last).map(\.id) == [
                "\(uid)/1/Queued", "\(uid)/1/Running", "\(uid)/1/extract/Running", "\(uid)/1/extract/Succeeded",
                "\(uid)/1/load/Running", "\(uid)/1/load/Failed", "\(uid)/1/Failed", "\(uid)/2/Queued",
                "\(uid)/2/Running",
                "\(uid)/2/load/Running", "\(uid)/2/load/Succeeded", "\(uid)/2/Succeeded",
            ])
    }

    @Test func eventsSayWhatHappened() throws {
        let events = ReportEvent.all(of: try #require(RequestLife.states().last))
        let failed = try #require(events.first { $0.id == "\(uid)/1/load/Failed" })
        #expect(failed.exitCode == 3 && failed.stage == "load" && failed.attempt == 1 && failed.pipeline == "(inline)")
        #expect(failed.at == Timestamp.start.after(12).date)
        #expect(events.first { $0.id == "\(uid)/1/Failed" }?.reason == Reason.stageFailed)
    }

    @Test func endThatSucceededSaysWhenTheSourceWasRead() throws {
        let last = try #require(RequestLife.states().last)
        let read = Timestamp.start.after(61)
        let told = ReportEvent.all(of: last, asOf: read.date).filter { $0.asOf != nil }
        #expect(told.map(\.id) == ["\(uid)/2/Succeeded"] && told.first?.asOf == read.date)
        #expect(ReportEvent.kept(of: last.status { $0.asOf = read }).compactMap(\.asOf) == [read.date])
        let failed = RequestLife.states().filter { $0.status?.phase == .failed }
        #expect(failed.flatMap { ReportEvent.all(of: $0, asOf: read.date) }.compactMap(\.asOf) == [])
        // It comes from the record, and asks for no other write of it.
        #expect(RecordMark(last) == RecordMark(last.status { $0.asOf = read }))
    }

    @Test func aStopIsToldBeforeWhatItStops() throws {
        let last = try #require(RequestLife.states(cancelled: true).last)
        #expect(
            ReportEvent.all(of: last).map(\.id).suffix(4) == [
                "\(uid)/1/load/Running", "\(uid)/1/Cancelling", "\(uid)/1/load/Cancelled", "\(uid)/1/Cancelled",
            ])
    }

    /// What any state tells, every later one tells too, word for word; so the order in which they are seen is nothing.
    @Test(arguments: [false, true]) func laterStatesTellTheSame(cancelled: Bool) throws {
        let states = RequestLife.states(cancelled: cancelled)
        let final = Set(ReportEvent.all(of: try #require(states.last)))
        for (index, state) in states.enumerated() {
            let events = ReportEvent.all(of: state)
            #expect(Set(events).isSubset(of: final), "state \(index)")
            #expect(events == ReportEvent.all(of: state))
            #expect(events.map(\.sequence) == events.map(\.sequence).sorted())
            #expect(Set(events.map(\.id)).count == events.count)
        }
    }

    @Test func anyOrderAndRepetitionGivesTheSameSet() throws {
        var random = SeededGenerator(seed: 7)
        let states = RequestLife.states()
        let final = ReportEvent.all(of: try #require(states.last))
        for _ in 0..<200 {
            var seen: [String: ReportEvent] = [:]
            let order = ((0..<10).compactMap { _ in states.randomElement(using: &random) } + states.suffix(1))
                .shuffled(using: &random)
            for event in order.flatMap(ReportEvent.all) where seen[event.id] == nil { seen[event.id] = event }
            #expect(seen.values.sorted { $0.sequence < $1.sequence } == final)
        }
    }

    @Test func clocksThatDisagreeDoNotTurnTheOrderRound() {
        let request = ReportRequest.fixture(.chain("a")).status { status in
            status.phase = .succeeded
            status.transitions = [
                .init(phase: .queued, at: .start.after(3)), .init(phase: .running, at: .start.after(3)),
                .init(phase: .succeeded, at: .start.after(4)),
            ]
            status.stages = [StageStatus(name: "a", phase: .succeeded, attempt: 1)]
            status.stages?[0].startedAt = .start
            status.stages?[0].completedAt = .start.after(9)
        }
        #expect(
            ReportEvent.all(of: request).map(\.phase) == ["Queued", "Running", "Running", "Succeeded", "Succeeded"])
        #expect(ReportEvent.all(of: request).map(\.stage) == [nil, nil, "a", "a", nil])
    }

    @Test func aStatusFromBeforeThereWereTransitionsIsToldFromItsTimes() {
        let request = ReportRequest.fixture().status { status in
            status.phase = .failed
            status.reason = Reason.timedOut
            status.queuedAt = .start
            status.completedAt = .start.after(2)
        }
        #expect(ReportEvent.all(of: request).map(\.id) == ["\(uid)/1/Queued", "\(uid)/1/Failed"])
        #expect(ReportEvent.all(of: request).last?.reason == Reason.timedOut)
        #expect(ReportEvent.all(of: .fixture()).isEmpty)
    }
}
