/// Which report goes where: an entry of `deliver`, and the report that it is about.
package struct ReportDeliverySpec: Codable, Hashable, Sendable {
    /// How long a finished delivery is kept where it doesn't say: 7 days.
    package static let defaultTTLSeconds = 7 * 24 * 3600

    /// Of a report of the delivery's own namespace.
    package var reportID: String
    /// The attempt whose rows it is about; the published one when absent.
    package var attempt: Int?
    package var channel: String
    package var to: [String]?
    package var cc: [String]?
    package var replyTo: String?
    package var formats: [String]?
    package var when: DeliverSpec.When?
    package var unless: DeliverSpec.Unless?
    package var only: [String: String]?
    package var attach: DeliverSpec.Attach?
    package var fileName: String?
    package var subject: String?
    package var text: String?
    /// `defaultTTLSeconds` when absent. What was sent stays in MongoDB.
    package var ttlSecondsAfterFinished: Int?

    package init(
        reportID: String, attempt: Int? = nil, entry: DeliverSpec, ttlSecondsAfterFinished: Int? = nil
    ) {
        self.reportID = reportID
        self.attempt = attempt
        channel = entry.channel
        to = entry.to
        cc = entry.cc
        replyTo = entry.replyTo
        formats = entry.formats
        when = entry.when
        unless = entry.unless
        only = entry.only
        attach = entry.attach
        fileName = entry.fileName
        subject = entry.subject
        text = entry.text
        self.ttlSecondsAfterFinished = ttlSecondsAfterFinished
    }

    /// The names of the fields in which it isn't as the other one.
    package func fields(unlike other: Self) -> [String] {
        let same = [
            ("reportID", reportID == other.reportID), ("attempt", attempt == other.attempt),
            ("channel", channel == other.channel), ("to", to == other.to), ("cc", cc == other.cc),
            ("replyTo", replyTo == other.replyTo), ("formats", formats == other.formats), ("when", when == other.when),
            ("unless", unless == other.unless), ("only", only == other.only), ("attach", attach == other.attach),
            ("fileName", fileName == other.fileName), ("subject", subject == other.subject),
            ("text", text == other.text),
            ("ttlSecondsAfterFinished", ttlSecondsAfterFinished == other.ttlSecondsAfterFinished),
        ]
        return same.filter { !$0.1 }.map(\.0)
    }

    /// What it has in common with an entry of `deliver`.
    package var entry: DeliverSpec {
        DeliverSpec(
            channel: channel, to: to, cc: cc, replyTo: replyTo, formats: formats, when: when, unless: unless,
            only: only, attach: attach, fileName: fileName, subject: subject, text: text)
    }
}
