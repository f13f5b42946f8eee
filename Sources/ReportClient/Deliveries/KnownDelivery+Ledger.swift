import FoundationEssentials
import KubernetesModel
public import ReportAPI
public import ReportRecords

/// What MongoDB keeps of deliveries after their resources are gone.
extension KnownDelivery {
    /// Those that are resources, as the ledger has their copies, and those that it alone has; the newest first.
    public static func all(_ deliveries: [ReportDelivery], ledger: [DeliveryCopy]) -> [KnownDelivery] {
        var known = deliveries.map { KnownDelivery($0) }
        let groups = Dictionary(grouping: ledger) { $0.delivery }
        for (key, copies) in groups {
            if let place = known.firstIndex(where: { $0.isThat(of: copies, key: key) }) {
                known[place].take(copies)
            } else if let gone = KnownDelivery(gone: copies) {
                known.append(gone)
            }
        }
        return known.sorted { left, right in
            let times = (left.createdAt?.seconds ?? 0, right.createdAt?.seconds ?? 0)
            return times.0 == times.1 ? left.name < right.name : times.0 > times.1
        }
    }

    /// Those of which the ledger has copies, the newest first; whether their resources are there too isn't said.
    public static func ofLedger(_ ledger: [DeliveryCopy]) -> [KnownDelivery] {
        all([], ledger: ledger).map { known in
            var known = known
            known.isGone = false
            return known
        }
    }

    /// A person's delivery is known there by its uid; the operator's by what it is made for, and it has a name of its own.
    private func isThat(of copies: [DeliveryCopy], key: String) -> Bool {
        if uid.isSame(as: key) { return true }
        // A uid has 36 characters.
        guard key.utf8.count != 36, let copy = copies.first else { return false }
        return name.isSame(as: copy.name) && namespace.isSame(as: copy.namespace)
    }

    /// The ledger decides; a status is a copy of it, and may be late.
    private mutating func take(_ copies: [DeliveryCopy]) {
        for copy in copies {
            let recipient = ReportDeliveryStatus.Recipient(copy)
            guard let place = recipients.firstIndex(where: { $0.to.lowercased() == copy.recipient.lowercased() }) else {
                recipients.append(recipient)
                continue
            }
            recipients[place] = recipient
        }
    }

    private init?(gone copies: [DeliveryCopy]) {
        guard let first = copies.first else { return nil }
        let isMail = first.type == ReportChannelSpec.Kind.mail.rawValue
        let recipients = copies.sorted { $0.recipient < $1.recipient }.map(ReportDeliveryStatus.Recipient.init)
        name = first.name
        namespace = first.namespace
        uid = first.delivery
        reportID = first.reportID
        entry = DeliverSpec(
            channel: first.channel, to: isMail ? recipients.map(\.to) : nil, formats: first.formats)
        channel = first.channel
        phase = ReportDeliveryStatus.Phase(ended: recipients)
        createdAt = copies.map { Timestamp($0.firstTriedAt ?? $0.at) }.min()
        completedAt = copies.map { Timestamp($0.at) }.max()
        files = copies.lazy.compactMap(\.files).first ?? (first.formats ?? []).map { .init(format: $0) }
        self.recipients = recipients
        isGone = true
        isNotice = first.isNotice
    }
}

extension ReportDeliveryStatus.Recipient {
    fileprivate init(_ copy: DeliveryCopy) {
        self.init(
            to: copy.recipient, phase: copy.phase, detail: copy.detail ?? copy.reason, at: Timestamp(copy.at),
            id: copy.sentID, possiblyTwice: copy.possiblyTwice)
    }
}

extension ReportDeliveryStatus.Phase {
    /// Of a delivery whose resource is gone: what isn't sent stays so.
    fileprivate init(ended recipients: [ReportDeliveryStatus.Recipient]) {
        let sent = recipients.count { $0.phase == .sent }
        self = sent == recipients.count ? .delivered : sent > 0 ? .partlyDelivered : .failed
    }
}
