import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport
import Testing

/// The record is made again from `report_events` alone. (Of runs that the operator itself made: `EventScenarioTests`.)
struct RecordFromEventsTests {
    /// A run of two attempts, and one that is cancelled.
    @Test(arguments: [false, true]) func theEventsOfAnyStateTellItsRecord(cancelled: Bool) throws {
        var states = RequestLife.states(cancelled: cancelled).dropFirst().map { state in
            state.status { status in
                status.accepted?.deliveries = [
                    DeliverSpec(channel: "mail", to: ["dana@example.com"], when: .always),
                    DeliverSpec(channel: "share", only: ["plant": "north"]),
                ]
                status.accepted?.failureNotice = DeliverSpec(channel: "mail", attach: .never)
            }.spec {
                $0.requester = .init(name: "Dana", email: "dana@example.com")
                $0.output = .init(formats: ["pdf", "csv"])
                $0.priority = 5
            }
        }
        // Deleted a while after its end.
        states.append(try #require(states.last).deleting(at: .start.after(600)).with { $0.metadata.generation = 9 })
        var history = RecordedHistory()
        for (index, state) in states.enumerated() {
            history.save(state)
            let rebuilt = try #require(history.rebuilt)
            #expect(rebuilt.asEventsTellIt == ReportRecord(state).asEventsTellIt, "state \(index)")
        }
        #expect(history.rebuilt == history.record)
        #expect(history.rebuilt?.deliveries?.map(\.entry.channel) == ["mail", "share"])
        #expect(history.rebuilt?.failureNotice?.entry.attach == .never)
        #expect(history.rebuilt?.deletedAt == Timestamp.start.after(600).date)
    }

    /// Whatever was missed in outages: the last state is always stored.
    @Test(arguments: [false, true]) func missedStatesAreNothing(cancelled: Bool) throws {
        var random = SeededGenerator(seed: 3)
        let states = RequestLife.states(cancelled: cancelled)
        let last = try #require(states.last)
        for _ in 0..<100 {
            let history = RecordedHistory(states.filter { _ in random.next() % 3 == 0 } + [last])
            #expect(history.rebuilt == ReportRecord(last))
        }
    }

    @Test func theirOrderIsNothing() throws {
        let last = try #require(RequestLife.states().last)
        #expect(ReportRecord(events: ReportEvent.kept(of: last).reversed()) == ReportRecord(last))
        #expect(ReportRecord(events: []) == nil)
    }

    /// Also where it wasn't known yet when the first of them was told.
    @Test func theyTellWhereItWasMade() throws {
        let origin = RecordOrigin(cluster: "c", clusterName: "plant-2", namespaceUID: "n")
        let states = RequestLife.states()
        let last = try #require(states.last)
        let events = ReportEvent.kept(of: last, origin: origin)
        #expect(events.allSatisfy { $0.origin == origin })
        #expect(ReportRecord(events: events) == ReportRecord(last, origin: origin))
        let early = ReportEvent.kept(of: states[3])
        let late = events.filter { event in !early.contains { $0.id == event.id } }
        #expect(!early.isEmpty && ReportRecord(events: early)?.origin == .unknown)
        #expect(ReportRecord(events: early + late) == ReportRecord(last, origin: origin))
    }

    /// A failure that skips what comes after it.
    @Test func stagesThatWerePassedOverAreTold() throws {
        let ended = ReportRequest.fixture(.diamond).running("extract").status { status in
            status.phase = .failed
            status.reason = Reason.stageFailed
            status.message = "extract failed: exit code 3"
            status.completedAt = .start.after(9)
            status.transitions =
                (status.transitions ?? []) + [.init(phase: .failed, at: .start.after(9), reason: Reason.stageFailed)]
            for index in status.stages?.indices ?? 0..<0 {
                let isFirst = status.stages?[index].name == "extract"
                status.stages?[index].phase = isFirst ? .failed : .skipped
                status.stages?[index].reason = isFirst ? Reason.exitCode : Reason.dependencyFailed
                status.stages?[index].completedAt = isFirst ? .start.after(8) : nil
                status.stages?[index].exitCode = isFirst ? 3 : nil
                status.stages?[index].message = isFirst ? "exit code 3: no such period" : nil
            }
        }
        let rebuilt = try #require(ReportRecord(events: ReportEvent.kept(of: ended)))
        #expect(rebuilt == ReportRecord(ended))
        #expect(rebuilt.message == "extract failed: exit code 3: no such period")
        #expect(rebuilt.stages?.map(\.phase) == [.failed, .skipped, .skipped, .skipped])
        #expect(rebuilt.stages?.first?.exitCode == 3 && rebuilt.stages?.first?.job != nil)
    }

    @Test func whatWasNeverAcceptedIsTold() {
        let refused = ReportRequest.fixture().parameters(["period": .string("never")]).status { status in
            status.attempt = 1
            status.phase = .failed
            status.reason = Reason.invalidSpec
            status.message = "spec.parameters.period: no such parameter"
            status.queuedAt = .start
            status.completedAt = .start
            status.transitions = [.init(phase: .failed, at: .start, reason: Reason.invalidSpec)]
        }
        let rebuilt = ReportRecord(events: ReportEvent.kept(of: refused))
        #expect(rebuilt == ReportRecord(refused))
        #expect(rebuilt?.parameters == ["period": "never"])
    }

    /// The pipeline may be large: it is told where a run begins, once for each attempt.
    @Test func thePipelineIsToldOnce() throws {
        let last = try #require(RequestLife.states().last)
        let telling = ReportEvent.kept(of: last).filter { $0.accepted != nil }.map(\.phase)
        #expect(telling == ["Queued", "Running"])
    }

    /// What subscribers and people are shown is the transitions alone.
    @Test func aDeletionIsKeptAndNotTold() throws {
        let deleted = try #require(RequestLife.states().last).deleting(at: .start.after(600))
        #expect(ReportEvent.all(of: deleted).count == 12)
        #expect(ReportEvent.kept(of: deleted).last?.id == "\(deleted.metadata.uid)/2/Deleted")
    }
}
