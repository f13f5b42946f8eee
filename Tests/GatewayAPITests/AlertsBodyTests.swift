import GatewayAPI
import KubernetesModel
import ReportPlanning
import Testing

struct AlertsBodyTests {
    private static func read(_ text: String) -> Result<AlertsBody, Problem> {
        do throws(Problem) { return .success(try AlertsBody(Array(text.utf8))) } catch { return .failure(error) }
    }

    /// As Alertmanager 0.27 sends it.
    @Test func takesWhatAlertmanagerSends() throws {
        let body = """
            {"receiver":"reports","status":"firing","alerts":[
              {"status":"firing","labels":{"alertname":"Stopped","machine":"press-4"},"annotations":{"summary":"stops"},
               "startsAt":"2026-11-29T14:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"01fe"},
              {"status":"resolved","labels":{"alertname":"Stopped","machine":"press-5"},"annotations":{},
               "startsAt":"2026-11-29T13:00:00Z","endsAt":"2026-11-29T14:00:00Z","generatorURL":"","fingerprint":"02fe"}],
             "groupLabels":{},"commonLabels":{"alertname":"Stopped"},"commonAnnotations":{},"externalURL":"http://a:9093",
             "version":"4","groupKey":"{}:{}","truncatedAlerts":0}
            """
        #expect(
            try Self.read(body).get().notices == [
                AlertNotice(
                    fingerprint: "01fe", labels: ["alertname": "Stopped", "machine": "press-4"],
                    annotations: ["summary": "stops"]),
                AlertNotice(
                    fingerprint: "02fe", isFiring: false, labels: ["alertname": "Stopped", "machine": "press-5"]),
            ])
    }

    @Test(arguments: [
        ("[]", nil), ("{", nil), (#"{"alerts":[]}"#, "version"), (#"{"version":"5","alerts":[]}"#, "version"),
        (#"{"version":"4"}"#, "alerts"), (#"{"version":"4","alerts":{}}"#, "alerts"),
        (#"{"version":"4","alerts":[7]}"#, "alerts[0].status"),
        (#"{"version":"4","alerts":[{"status":"firing","labels":{}}]}"#, "alerts[0].fingerprint"),
        (#"{"version":"4","alerts":[{"status":"firing","labels":{"a":1},"fingerprint":"a"}]}"#, "alerts[0].labels"),
        (
            #"{"version":"4","alerts":[{"status":"firing","labels":{},"annotations":[],"fingerprint":"a"}]}"#,
            "alerts[0].annotations"
        ),
    ])
    func saysWhatIsWrongWithAnythingElse(body: String, field: String?) throws {
        let result = Self.read(body)
        guard case .failure(let problem) = result else {
            Issue.record("was taken")
            return
        }
        #expect(problem.status == (field == nil ? 400 : 422))
        #expect(problem.errors.first?.field == field)
    }
}
