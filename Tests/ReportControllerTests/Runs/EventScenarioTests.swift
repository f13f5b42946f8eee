import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport
import Testing

/// Every kind of run that the operator makes, told by its events alone.
struct EventScenarioTests {
    /// Succeeded, failed with what that skips, refused, timed out, cancelled, deleted, resumed, …
    @Test(arguments: [6, 7] as [UInt64]) func theEventsOfEveryRunTellItsRecord(seed: UInt64) async {
        var random = SeededGenerator(seed: seed)
        for scenario in ScenarioTests.share(9, seed: seed) {
            let states = await scenario.run().states(of: Scenario.uid)
            // No event tells of an edit after the end.
            let attempt = states.last?.status?.attempt
            let end = states.first { $0.status?.isTerminal == true && $0.status?.attempt == attempt }
            let isEdited =
                end?.metadata.generation != states.last?.metadata.generation
                && !states.contains { $0.metadata.isDeleting }
            let history = RecordedHistory(states)
            #expect(history.rebuilt?.unversioned(isEdited) == history.record?.unversioned(isEdited), "\(scenario)")
            // As after outages of MongoDB and restarts of the operator.
            let missing = RecordedHistory(states.dropLast().filter { _ in random.next() % 3 == 0 } + states.suffix(1))
            #expect(
                missing.rebuilt?.unversioned(isEdited) == missing.record?.unversioned(isEdited),
                "\(scenario), with outages")
        }
    }
}

extension SimulatedCluster {
    /// What the API server ever had of a request, the last of them marked as deleted where it is gone.
    fileprivate func states(of uid: String) -> [ReportRequest] {
        server.state.events.compactMap { event in
            guard event.resource == ReportRequest.resourceKind.qualifiedName,
                let request = try? event.object.decoded(ReportRequest.self), request.metadata.uid == uid
            else { return nil }
            return event.change == .deleted ? request.deleted(at: now) : request
        }
    }
}

extension ReportRecord {
    fileprivate func unversioned(_ isEdited: Bool) -> ReportRecord {
        guard isEdited else { return self }
        var copy = self
        (copy.generation, copy.resourceVersion, copy.versionOrder) = (0, "", "")
        return copy
    }
}
