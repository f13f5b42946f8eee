import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

extension ReportTrigger {
    static func fixture(
        parameters: JSONObject = ["machine": "{label:machine}"], cooldown: String? = nil,
        staleAfter: String? = nil, escalation: [String] = [], labels: [String: String] = ["alertname": "Stopped"],
        alerts: [ReportTriggerStatus.Alert] = []
    ) -> ReportTrigger {
        var status = ReportTriggerStatus()
        status.alerts = alerts
        return ReportTrigger(
            metadata: ObjectMeta(name: "stops", namespace: "plant", uid: "u-1", generation: 3),
            spec: ReportTriggerSpec(
                match: .init(labels: labels),
                request: .init(pipelineRef: .init(name: "mttr"), parameters: parameters),
                cooldown: cooldown.flatMap(ReportDuration.init), staleAfter: staleAfter.flatMap(ReportDuration.init),
                escalation: escalation.compactMap(ReportDuration.init).map {
                    .init(after: $0, deliver: [DeliverSpec(channel: "mail", to: ["lead@example.com"])])
                },
                tokenSHA256: String(repeating: "0", count: 64)),
            status: status)
    }

    func template() throws -> TriggerTemplate { try TriggerTemplate(#require(spec.value)) }
}

extension ReportTriggerStatus.Alert {
    static func fixture(
        _ fingerprint: String = "a1", since: Int64 = 0, lastNotice: Int64 = 0, ended: Int64? = nil,
        labels: [String: String] = ["machine": "press-4"], annotations: [String: String] = [:]
    ) -> ReportTriggerStatus.Alert {
        .init(
            fingerprint: fingerprint, since: .start.adding(since), lastNotice: .start.adding(lastNotice),
            endedAt: ended.map { Timestamp.start.adding($0) }, labels: labels, annotations: annotations)
    }
}

extension ReportPipeline {
    /// The one that the trigger names.
    static let mttr = ReportPipeline.fixture(
        "mttr", .chain("a").parameters(.init(name: "machine", type: .string, required: true, maxLength: 12)))
}
