import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// What becomes of the alerts of a trigger. The tests write them, as the gateway would.
@Suite struct TriggerTests {
    @Test func alertBecomesOneReportAndAnotherForTheLeadWhileItFires() async throws {
        let clock = ShiftedClock()
        let start = Timestamp(clock.now)
        let more = """
            cooldown: 1h
            request: {parameters: {machine: "{label:machine}"}}
            escalation: [{after: 30m, deliver: []}]
            """
        try await TestBed.run(now: { clock.now }) { bed in
            try await bed.createTrigger(more: more)
            let missing = try await bed.wait(forTrigger: "stops", reason: Reason.pipelineNotFound)
            #expect(missing.status?.ready?.message.contains("create it") == true)
            try await bed.createPipeline(more: "parameters: [{name: machine, type: string, required: true}]")
            try await bed.wait(forTrigger: "stops", reason: Reason.listening)

            func alert(heard: Int64) -> ReportTriggerStatus.Alert {
                .init(
                    fingerprint: "a1", since: start, lastNotice: start.adding(heard), labels: ["machine": "press-4"])
            }
            try await bed.hear(alert(heard: 0))
            let first = try await bed.wait(forTrigger: "stops", "tells of the request") {
                $0.status?.served?.first?.requests == 1
            }
            #expect(first.status?.firing == 1 && first.status?.lastRequestTime != nil)
            #expect(first.status?.alerts?.map(\.fingerprint) == ["a1"], "what the gateway wrote stays")
            let name = try #require(try bed.creationsOfTriggers().keys.first)
            let table = try await bed.cluster.kubectl("get", "rtrig", "stops", "-n", bed.namespace)
            #expect(table.contains("FIRING") && table.contains("LAST REPORT") && table.contains("report "), "\(table)")

            // That it was made is known also when it is there no more.
            try await bed.wait(for: name, phase: .succeeded)
            try await bed.deleteRequest(name)
            try await bed.cluster.wait(for: ReportRequest.self, name, in: bed.namespace, "is gone") { $0 == nil }
            try await bed.hear(alert(heard: 60))
            clock.advance(by: 1800)
            try await bed.hear(alert(heard: 1800))
            try await bed.wait(forTrigger: "stops", "has climbed") { $0.status?.served?.first?.requests == 2 }
            #expect(try bed.creationsOfTriggers().values.sorted() == [1, 1])
        }
    }

    @Test func alertWithoutTheLabelIsOneConditionThatSaysWhatToDo() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline(more: "parameters: [{name: machine, type: string, required: true}]")
            try await bed.createTrigger(more: "request: {parameters: {machine: '{label:machine}'}}")
            try await bed.wait(forTrigger: "stops", reason: Reason.listening)
            let now = Timestamp(Date())
            try await bed.hear(
                .init(fingerprint: "a1", since: now, lastNotice: now),
                .init(fingerprint: "b2", since: now, lastNotice: now, labels: ["machine": "press-4"]))
            let trigger = try await bed.wait(forTrigger: "stops", reason: Reason.placeholderMissing)
            #expect(trigger.status?.ready?.message.contains("add it to the alert's rule") == true)
            let requests = try await bed.triggeredRequests()
            #expect(requests.map { $0.spec.value?.parameters } == [["machine": .string("press-4")]])
            #expect(requests.first?.metadata.labels[ReportsAPI.Label.trigger] == "stops")
        }
    }
}
