/// One way that a report is to go when its run ends: an entry of `deliver`.
public struct DeliverSpec: Codable, Hashable, Sendable {
    /// At which end it is made.
    public enum When: String, Codable, Sendable, CaseIterable {
        case succeeded = "Succeeded"
        /// A notice, without files.
        case failed = "Failed"
        case always = "Always"
    }

    public enum Attach: String, Codable, Sendable, CaseIterable {
        case always
        /// A link alone; it needs a sign-in.
        case never
    }

    public enum Unless: String, Codable, Sendable, CaseIterable {
        /// A report without rows isn't delivered.
        case empty = "Empty"
    }

    /// A `ReportChannel`'s name.
    public var channel: String
    /// Addresses; of Mail alone.
    public var to: [String]?
    public var cc: [String]?
    public var replyTo: String?
    /// Of `OutputFormat`, where it is valid; what the request wants when absent.
    public var formats: [String]?
    /// `succeeded` when absent.
    public var when: When?
    public var unless: Unless?
    /// Columns and the values that rows need in them, as text: the others are left out before totals are made.
    public var only: [String: String]?
    /// `always` when absent.
    public var attach: Attach?
    /// With placeholders, without the format's ending.
    public var fileName: String?
    public var subject: String?
    public var text: String?

    public init(
        channel: String, to: [String]? = nil, cc: [String]? = nil, replyTo: String? = nil, formats: [String]? = nil,
        when: When? = nil, unless: Unless? = nil, only: [String: String]? = nil, attach: Attach? = nil,
        fileName: String? = nil, subject: String? = nil, text: String? = nil
    ) {
        self.channel = channel
        self.to = to
        self.cc = cc
        self.replyTo = replyTo
        self.formats = formats
        self.when = when
        self.unless = unless
        self.only = only
        self.attach = attach
        self.fileName = fileName
        self.subject = subject
        self.text = text
    }
}
