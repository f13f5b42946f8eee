/// Which report goes where: an entry of `deliver`, and the report that it is about.
public struct ReportDeliverySpec: Codable, Hashable, Sendable {
    /// How long a finished delivery is kept where it doesn't say: 7 days.
    public static let defaultTTLSeconds = 7 * 24 * 3600

    /// Of a report of the delivery's own namespace.
    public var reportID: String
    /// The attempt whose rows it is about; the published one when absent.
    public var attempt: Int?
    public var channel: String
    public var to: [String]?
    public var cc: [String]?
    public var replyTo: String?
    public var formats: [String]?
    public var when: DeliverSpec.When?
    public var unless: DeliverSpec.Unless?
    public var only: [String: String]?
    public var attach: DeliverSpec.Attach?
    public var fileName: String?
    public var subject: String?
    public var text: String?
    /// `defaultTTLSeconds` when absent. What was sent stays in MongoDB.
    public var ttlSecondsAfterFinished: Int?

    public init(
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
    public func fields(unlike other: Self) -> [String] {
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
    public var entry: DeliverSpec {
        DeliverSpec(
            channel: channel, to: to, cc: cc, replyTo: replyTo, formats: formats, when: when, unless: unless,
            only: only, attach: attach, fileName: fileName, subject: subject, text: text)
    }
}
