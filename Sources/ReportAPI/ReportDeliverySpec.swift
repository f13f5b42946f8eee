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

    /// What it has in common with an entry of `deliver`.
    package var entry: DeliverSpec {
        DeliverSpec(
            channel: channel, to: to, cc: cc, replyTo: replyTo, formats: formats, when: when, unless: unless,
            only: only, attach: attach, fileName: fileName, subject: subject, text: text)
    }
}
