import ClusterSupport
import Foundation
import HTTPTransport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import TestSupport
import Testing

/// From a real Alertmanager through the gateway and the operator to reports.
@Suite(.timeLimit(.minutes(10))) struct AlertmanagerTests {
    private static let pipeline = """
        parameters:
        - {name: machine, type: string, required: true}
        - {name: why, type: string, default: ""}
        """

    @Test func alertBecomesTheReportOfItsMachineOnceAndTheNextStepOnlyWhileItFires() async throws {
        let clock = ShiftedClock()
        let more = """
            request: {parameters: {machine: "{label:machine}", why: "{annotation:summary}"}}
            escalation: [{after: 30m, deliver: []}, {after: 1h, deliver: []}]
            tokenSHA256: \(GatewayAlertTests.hash)
            """
        try await Self.run(more, now: { clock.now }) { bed, gateway in
            let manager = try await Alertmanager(
                webhook: Self.webhook(gateway, bed), token: GatewayAlertTests.token)
            defer { manager.end() }
            func hear(_ machine: String, isOver: Bool = false) async throws {
                try await manager.hear(
                    ["alertname": "Stopped", "machine": machine], annotations: ["summary": "it stands"], isOver: isOver)
            }
            func requests(of machine: String) async throws -> [ReportRequest] {
                try await bed.triggeredRequests().filter {
                    $0.spec.value?.parameters == ["machine": .string(machine), "why": "it stands"]
                }
            }
            // What doesn't match is heard, and makes nothing.
            try await manager.hear(["alertname": "Slow", "machine": "press-4"])
            try await hear("press-4")
            try await bed.wait(forTrigger: "stops", "press-4 fires, and its report is asked for") {
                $0.status?.firing == 1 && $0.status?.served?.map(\.requests) == [1]
            }
            let first = try #require(try await requests(of: "press-4").first)
            try await bed.wait(for: first.metadata.name, phase: .succeeded)

            // Told again and again it is one firing still.
            let heard = Self.taken(by: gateway)
            try await eventually("it is reported five times more: \(manager.log)", every: .milliseconds(200)) {
                Self.taken(by: gateway) >= heard + 5
            }
            #expect(try await bed.triggeredRequests().count == 1)

            clock.advance(by: 1800)
            try await bed.wakeTrigger()
            try await bed.wait(forTrigger: "stops", "half an hour later comes the next step") {
                $0.status?.served?.map(\.requests) == [2]
            }
            #expect(try await requests(of: "press-4").count == 2)

            try await hear("press-4", isOver: true)
            try await bed.wait(forTrigger: "stops", "it has ended") {
                $0.status?.firing == 0 && $0.status?.alerts?.first?.endedAt != nil
            }
            clock.advance(by: 1800)
            // By the operator's clock all steps of this one are due at once, and of the other one there is none any more.
            try await hear("press-5")
            try await bed.wait(forTrigger: "stops", "press-5 has its steps") {
                $0.status?.served?.map(\.requests).sorted() == [2, 3]
            }
            #expect(try await requests(of: "press-4").count == 2)
            #expect(try await requests(of: "press-5").count == 3)
            #expect(try bed.creationsOfTriggers().values.allSatisfy { $0 == 1 })
            #expect(!gateway.log.contains(GatewayAlertTests.hash))
        }
    }

    @Test func thousandsOfNoticesMakeNoMoreReportsThanCooldownAllows() async throws {
        let more = """
            request: {parameters: {machine: "{label:machine}"}}
            tokenSHA256: \(GatewayAlertTests.hash)
            """
        try await Self.run(more) { bed, gateway in
            let http = HTTPTransport(
                configuration: HTTPTransportConfiguration(proxy: .none), logger: LiveCluster.logger)
            let machines = (0..<10).map { "\($0)" }
            let url = Self.webhook(gateway, bed)
            @Sendable func send(_ status: String) async throws -> Int {
                // Each of them twice, as of two groups.
                let body = GatewayAlertTests.body((machines + machines).map { (fingerprint: $0, status: status) })
                return try await http.send(
                    HTTPRequest(
                        method: .post, url: url,
                        headers: HTTPHeaders([
                            ("Authorization", "Bearer \(GatewayAlertTests.token)"),
                            ("Content-Type", "application/json"),
                        ]),
                        body: Data(body.utf8), timeouts: HTTPTimeouts(total: .seconds(60)))
                ).status
            }
            // Five thousand alerts, which fire and end and fire again.
            try await withThrowingTaskGroup(of: Int.self) { group in
                for sender in 0..<5 {
                    group.addTask {
                        for turn in 0..<50 {
                            let status = try await send((turn + sender) % 5 == 4 ? "resolved" : "firing")
                            guard status == 204 else { return status }
                        }
                        return 204
                    }
                }
                for try await status in group { #expect(status == 204) }
            }
            #expect(try await send("firing") == 204)
            let once = Array(repeating: 1, count: 10)
            try await bed.wait(forTrigger: "stops", "all fire, and each has its report") {
                $0.status?.firing == 10 && $0.status?.served?.map(\.requests) == once
            }
            let requests = try await bed.triggeredRequests()
            #expect(
                Set(requests.compactMap { $0.spec.value?.parameters?["machine"]?.string })
                    == Set(machines.map { "press-\($0)" }))
            #expect(requests.count == 10)
            #expect(try bed.creationsOfTriggers().values.sorted() == once)
        }
    }

    /// Runs `body` beside an operator and a gateway, with the trigger `stops`, which listens.
    private static func run(
        _ more: String, now: @escaping @Sendable () -> Date = { Date() },
        _ body: (TestBed, GatewayProcess) async throws -> Void
    ) async throws {
        try await TestBed.run(now: now) { bed in
            try await bed.createPipeline(more: pipeline)
            try await bed.createTrigger(more: more)
            try await bed.wait(forTrigger: "stops", reason: Reason.listening)
            let gateway = try GatewayProcess(
                kubeconfig: bed.cluster.kubeconfig,
                options: ["--namespace", bed.namespace, "--courier-namespace", bed.namespace])
            defer { gateway.end() }
            try await gateway.waitUntilServing()
            try await eventually("the gateway has the trigger", every: .milliseconds(100)) {
                try await WebAnswer.get(
                    webhook(gateway, bed), method: "POST", token: GatewayAlertTests.token,
                    json: GatewayAlertTests.body([])
                ).status == 204
            }
            try await body(bed, gateway)
        }
    }

    private static func webhook(_ gateway: GatewayProcess, _ bed: TestBed) -> String {
        gateway.url("/api/v1/alerts/\(bed.namespace)/stops")
    }

    /// How many notices it has taken.
    private static func taken(by gateway: GatewayProcess) -> Int {
        gateway.log.split(separator: "\n").filter { $0.contains("/api/v1/alerts/") && $0.contains("status=204") }.count
    }
}

extension TestBed {
    /// Has the operator look at the trigger, as a watch that starts over does.
    fileprivate func wakeTrigger(_ name: String = "stops") async throws {
        _ = try await cluster.client.patch(
            ReportTrigger.self, name: name, namespace: namespace,
            merge: try JSONValue.yaml("metadata: {annotations: {example.org/looked-at: now}}"))
    }
}
