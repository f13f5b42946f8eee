import ReportAPI
import ReportRecords

@testable import DeliveryPlanning

extension DeliveryWorld {
    /// Looks at what has become of everybody once everything rests.
    mutating func inspectEnd() {
        for recipient in recipients {
            guard let copy = copy(recipient) else {
                // What was deleted before it began has nothing in the ledger.
                if delivery != nil { violations.append("\(recipient) is lost") }
                continue
            }
            let times = arrivals[recipient] ?? 0
            switch copy.phase {
            case .sent:
                if times == 0 { violations.append("\(recipient) is Sent, and nothing arrived") }
                if times > 1, !isHarmless, copy.possiblyTwice != true {
                    violations.append("\(recipient) got it twice, and nobody knows")
                }
            case .failed, .cancelled:
                if times > 0 { violations.append("\(recipient) is \(copy.phase.rawValue), and it arrived") }
            case .unknown: break
            case .pending, .sending: violations.append("\(recipient) is \(copy.phase.rawValue) at the end")
            }
            if copy.phase == .failed, copy.reason == nil, !isRestored, lasting[recipient] != .refused {
                violations.append("\(recipient) failed, and nobody refused it")
            }
            if copy.holder != nil || copy.deadline != nil { violations.append("\(recipient) is still claimed") }
        }
        guard let status = delivery?.status else { return }
        let phases = recipients.map { copy($0)?.phase }
        if status.recipients?.map(\.phase) != phases {
            violations.append("the status doesn't tell what the ledger does")
        }
        let sent = phases.count { $0 == .sent }
        let expected: ReportDeliveryStatus.Phase =
            sent == recipients.count ? .delivered : sent == 0 ? .failed : .partlyDelivered
        if status.phase != expected || status.sent != "\(sent)/\(recipients.count)" {
            violations.append("the status says \(status.phase?.rawValue ?? "nothing") of \(phases)")
        }
    }

    /// The fixture's delivery to that number of recipients, by a channel of that kind.
    static func delivery(_ kind: ReportChannelSpec.Kind, recipients count: Int) -> DeliveryWorld {
        let addresses = (0..<count).map { "r\($0)@example.com" }
        let fixture = ObservedDelivery.fixture(kind) { if kind == .mail { $0.to = addresses } }
        return DeliveryWorld(fixture, recipients: kind == .mail ? addresses : ["books"])
    }
}
