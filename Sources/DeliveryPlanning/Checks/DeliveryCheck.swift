import KubernetesModel
import MailMessages
package import ReportAPI

/// Finds what is wrong with a delivery, or with an entry of `deliver`, before anything is rendered or sent.
package enum DeliveryCheck {
    /// Of one delivery, `to` and `cc` together.
    package static let maximumRecipients = 200
    package static let attempts = 1...100

    /// Every fault, each naming its field, the value and what is allowed.
    ///
    /// `channel` is the one that it names, nil where it isn't known (yet); `parameters` are the pipeline's, nil where they
    /// aren't known. `field` is where it is, such as `spec`.
    package static func faults(
        in spec: ReportDeliverySpec, channel: ReportChannelSpec?, parameters: [String]?, at field: String
    ) -> [String] {
        var faults = FieldFaults(at: field)
        let isID =
            (1...64).contains(spec.reportID.utf8.count) && NameForm.isLabelValue(spec.reportID)
            && spec.reportID.utf8.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        if !isID { faults.refuse(spec.reportID, "reportID", "a report's id, as kubectl get rr -o wide shows it") }
        if let attempt = spec.attempt, !attempts.contains(attempt) {
            faults.add("attempt", "\(attempt) is out of bounds; allowed are 1 to 100")
        }
        if let seconds = spec.ttlSecondsAfterFinished, seconds < 0 {
            faults.add("ttlSecondsAfterFinished", "\(seconds) is out of bounds; allowed are 0 and more")
        }
        return faults.messages + self.faults(in: spec.entry, channel: channel, parameters: parameters, at: field)
    }

    /// The same of an entry of `deliver`, such as `spec.deliver[0]`.
    package static func faults(
        in entry: DeliverSpec, channel: ReportChannelSpec?, parameters: [String]?, at field: String
    ) -> [String] {
        var faults = FieldFaults(at: field)
        faults.objectName(entry.channel, "channel")
        faults.recipients(of: entry, channel)
        faults.formats(entry.formats ?? [])
        faults.columns(entry.only ?? [:])
        if let name = entry.fileName {
            faults.template(name, "fileName", upTo: 200, parameters: parameters)
            if name.utf8.contains(where: { #"/\"#.utf8.contains($0) }) {
                faults.add("fileName", "\(FieldFaults.shown(name)) has a slash; a file's name has none")
            }
        }
        if let subject = entry.subject { faults.template(subject, "subject", upTo: 200, parameters: parameters) }
        if let text = entry.text {
            faults.template(text, "text", upTo: 4096, parameters: parameters, oneLine: false)
        }
        return faults.messages
    }

    /// What one that isn't an address should be, for messages.
    static let expectedAddress =
        "one plain address such as dana@example.com, without a name, in ASCII (write an international domain as xn--…)"

    /// Why one address may not be written to through a channel, asked again at each send; nil where it may.
    package static func obstacle(to recipient: String, through mail: ReportChannelSpec.Mail) -> String? {
        guard let address = try? MailAddress(recipient) else {
            return "\(FieldFaults.shown(recipient)) is not \(expectedAddress)"
        }
        return RecipientRule.admits(address, by: mail.allowedRecipients)
            ? nil : "\(FieldFaults.shown(recipient)) is not among the channel's allowedRecipients"
    }

    /// Whether reports of a namespace with these labels may go through a channel.
    package static func admits(namespaceLabels labels: [String: String], by channel: ReportChannelSpec) -> Bool {
        channel.allowedNamespaces.matches(labels)
    }
}

extension FieldFaults {
    fileprivate mutating func recipients(of entry: DeliverSpec, _ channel: ReportChannelSpec?) {
        let lists = [("to", entry.to ?? []), ("cc", entry.cc ?? [])]
        if let channel, channel.type != .mail {
            for (name, isGiven) in [
                ("to", entry.to != nil), ("cc", entry.cc != nil), ("replyTo", entry.replyTo != nil),
            ] where isGiven {
                add(
                    name,
                    "is for channels of type Mail alone; \(Self.shown(entry.channel)) is of type "
                        + "\(channel.type.rawValue)")
            }
            return
        }
        let count = lists.reduce(0) { $0 + $1.1.count }
        guard count <= DeliveryCheck.maximumRecipients else {
            add(
                "to", "\(count) recipients are given with cc; at most \(DeliveryCheck.maximumRecipients) are allowed")
            return
        }
        if channel != nil, lists[0].1.isEmpty { add("to", "at least one is required for a channel of type Mail") }
        var seen: Set<String> = []
        for (name, recipients) in lists {
            for (index, recipient) in recipients.enumerated() {
                self.recipient(recipient, "\(name)[\(index)]", channel?.mail, &seen)
            }
        }
        if let address = entry.replyTo, (try? MailAddress(address)) == nil {
            refuse(address, "replyTo", DeliveryCheck.expectedAddress)
        }
    }

    private mutating func recipient(
        _ recipient: String, _ place: String, _ mail: ReportChannelSpec.Mail?, _ seen: inout Set<String>
    ) {
        guard let address = try? MailAddress(recipient) else {
            refuse(recipient, place, DeliveryCheck.expectedAddress)
            return
        }
        if !seen.insert(address.key).inserted { add(place, "\(Self.shown(recipient)) is given twice") }
        if let mail, let obstacle = DeliveryCheck.obstacle(to: recipient, through: mail) { add(place, obstacle) }
    }

    fileprivate mutating func formats(_ formats: [String]) {
        var seen: Set<OutputFormat> = []
        for (index, text) in formats.prefix(64).enumerated() {
            guard text.utf8.count <= 64, let format = OutputFormat(rawValue: text) else {
                refuse(text, "formats[\(index)]", "one of \(OutputFormat.list)")
                continue
            }
            if !seen.insert(format).inserted { add("formats[\(index)]", "\(text) is given twice") }
        }
    }

    fileprivate mutating func columns(_ columns: [String: String]) {
        if columns.count > 16 { add("only", "\(columns.count) columns are given; at most 16 are allowed") }
        for (name, value) in columns.sorted(by: { $0.key < $1.key }).prefix(16) {
            if name.isEmpty || name.utf8.count > 200 {
                refuse(name, "only", "a column's name, which has 1 to 200 characters")
            } else if value.unicodeScalars.count > 256 {
                add("only.\(name)", "\(value.unicodeScalars.count) characters are given; at most 256 are allowed")
            }
        }
    }
}
