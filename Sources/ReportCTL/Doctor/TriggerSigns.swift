import KubernetesModel
import ReportAPI

/// What triggers tell: of which alerts no report is made, or no ticket.
enum TriggerSigns {
    /// `name`: what to call a trigger by.
    static func findings(
        _ triggers: [ReportTrigger], now: Timestamp, operatorNamespace: String, name: (ReportTrigger) -> String
    ) -> [Finding] {
        let staying = triggers.filter { !$0.metadata.isDeleting }.sorted { $0.key < $1.key }
        func number(_ some: [ReportTrigger]) -> String { "\(some.count) trigger\(some.count == 1 ? "" : "s")" }
        var findings: [Finding] = []
        let unseen = staying.filter { $0.status?.ready == nil && OperatorSigns.isOverdue($0.metadata, now: now) }
        if let first = unseen.first {
            findings.append(
                .failure(
                    "operator",
                    "no operator has seen \(number(unseen)), such as \(name(first)), for "
                        + Moments.age(first.metadata.creationTimestamp, now: now),
                    mend: OperatorSigns.search(for: first.metadata.namespace, operatorNamespace: operatorNamespace)))
        }
        let broken = staying.filter { $0.status?.ready?.status == "False" }
        if let first = broken.first {
            findings.append(
                .warning(
                    "triggers",
                    "alerts of \(number(broken)) make no reports, some or all, such as \(name(first)): "
                        + (first.status?.ready?.message ?? ""),
                    mend: "fix what the message names; see "
                        + "kubectl describe reporttrigger \(first.metadata.name) -n \(first.metadata.namespace)"))
        }
        let ticketless = staying.filter { $0.status?.ticketsReady?.status == "False" }
        if let first = ticketless.first {
            findings.append(
                .warning(
                    "triggers",
                    "tickets of \(number(ticketless)) are not opened or closed, some or all, such as \(name(first)): "
                        + (first.status?.ticketsReady?.message ?? ""),
                    mend: "fix what the message names; see "
                        + "kubectl describe reporttrigger \(first.metadata.name) -n \(first.metadata.namespace)"))
        }
        return findings
    }
}
