import DeliveryPlanning
import KubernetesModel
import ReportAPI
import ReportClient

/// What channels and deliveries tell: whether a courier is at work, which channels work, and what wasn't delivered.
struct CourierSigns: Sendable {
    let courierNamespace: String
    let now: Timestamp
    /// The command that shows a channel.
    let showChannel: @Sendable (String) -> String

    /// Of an installation without a courier. `isNeeded`: there are channels or deliveries that wait for one.
    func withoutCourier(isNeeded: Bool) -> Finding {
        guard isNeeded else {
            return .ok(
                "courier", "not installed in namespace \(courierNamespace): no files are made, and nothing is delivered"
            )
        }
        return .failure(
            "courier",
            "there are channels or deliveries, but no Deployment report-courier in namespace \(courierNamespace)",
            mend: "kubectl apply -k manifests/courier; if it is installed elsewhere: --courier-namespace NAMESPACE")
    }

    func channels(_ channels: [ReportChannel]) -> [Finding] {
        channels.filter { !$0.metadata.isDeleting }.sorted { $0.key < $1.key }.map(finding)
    }

    private func finding(_ channel: ReportChannel) -> Finding {
        let name = channel.metadata.name
        let subject = "channel \(name)"
        let type = channel.spec.value.map { "\($0.type.rawValue): " } ?? ""
        if let obstacle = ChannelCheck.obstacle(to: channel, courierNamespace: courierNamespace) {
            return .failure(subject, type + obstacle.message, mend: mend(obstacle.reason, name))
        }
        guard let ready = channel.status?.ready else {
            guard OperatorSigns.isOverdue(channel.metadata, now: now) else {
                return .ok(subject, type + "was created just now and isn't tried yet")
            }
            return .failure(
                subject,
                type + "no courier has tried it for \(Moments.age(channel.metadata.creationTimestamp, now: now))",
                mend: "see that the courier runs: kubectl logs -n \(courierNamespace) deployment/report-courier")
        }
        guard !ready.isTrue else { return .ok(subject, type + ready.message.firstLine) }
        guard ready.status == "False" else {
            return .warning(subject, type + ready.message.firstLine, mend: "wait a moment: \(showChannel(name))")
        }
        return .failure(subject, type + ready.message.firstLine, mend: mend(ready.reason, name))
    }

    /// What to do, by the reason of the condition.
    private func mend(_ reason: String, _ name: String) -> String {
        switch reason {
        case Reason.invalidSpec: "mend its spec: kubectl edit reportchannel \(name) -n \(courierNamespace)"
        case Reason.wrongNamespace: "create it in namespace \(courierNamespace)"
        case Reason.unreachable:
            "see that the courier's pods may reach that server (address, name, firewall, NetworkPolicy); it is tried again "
                + "by itself: \(showChannel(name))"
        default:
            "mend what it names (the channel, its Secret, or rights on the other side; docs/channels.md says which); it is "
                + "tried again by itself: \(showChannel(name))"
        }
    }

    /// `name`: what to call a delivery by; `resend`: the command that sends a report to those who lack it.
    func deliveries(
        _ deliveries: [ReportDelivery], name: (ReportDelivery) -> String, resend: (ReportDelivery) -> String
    ) -> [Finding] {
        let staying = deliveries.filter { !$0.metadata.isDeleting }.sorted { $0.key < $1.key }
        func number(_ some: [ReportDelivery]) -> String { some.count == 1 ? "1 delivery" : "\(some.count) deliveries" }
        var findings: [Finding] = []
        let unseen = staying.filter { $0.status?.phase == nil && OperatorSigns.isOverdue($0.metadata, now: now) }
        if let first = unseen.first {
            findings.append(
                .failure(
                    "deliveries",
                    "no courier has seen \(number(unseen)), such as \(name(first)), for "
                        + Moments.age(first.metadata.creationTimestamp, now: now),
                    mend: "see that the courier runs: kubectl logs -n \(courierNamespace) deployment/report-courier"))
        }
        let stuck = staying.filter { delivery in
            delivery.status?.conditions?.contains { $0.reason == Reason.ledgerUnreadable } ?? false
        }
        if let first = stuck.first {
            findings.append(
                .failure(
                    "deliveries",
                    "\(number(stuck)) \(stuck.count == 1 ? "waits" : "wait") for a document of MongoDB to be mended, such as "
                        + "\(name(first)): \(first.status?.message?.firstLine ?? "")",
                    mend: "mend or delete that document, or delete the delivery; then: \(resend(first))"))
        }
        let failed = staying.filter { delivery in
            guard let phase = delivery.status?.phase, phase == .failed || phase == .partlyDelivered else {
                return false
            }
            return (delivery.status?.completedAt).map { now.seconds - $0.seconds < 86_400 } ?? true
        }
        if let first = failed.first {
            findings.append(
                .warning(
                    "deliveries",
                    "\(number(failed)) didn't reach everybody within the last day, such as \(name(first)): "
                        + (first.status?.message?.firstLine ?? ""),
                    mend: "mend what it says, then: \(resend(first))"))
        }
        return findings
    }
}
