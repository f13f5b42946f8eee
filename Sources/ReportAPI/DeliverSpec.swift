/// One way that a report is to go when its run ends: an entry of `deliver`.
package struct DeliverSpec: Codable, Hashable, Sendable {
    /// At which end it is made.
    package enum When: String, Codable, Sendable, CaseIterable {
        case succeeded = "Succeeded"
        /// A notice, without files.
        case failed = "Failed"
        case always = "Always"
    }

    package enum Attach: String, Codable, Sendable, CaseIterable {
        case always
        /// A link alone; it needs a sign-in.
        case never
    }

    package enum Unless: String, Codable, Sendable, CaseIterable {
        /// A report without rows isn't delivered.
        case empty = "Empty"
    }

    /// A `ReportChannel`'s name.
    package var channel: String
    /// Addresses; of Mail alone.
    package var to: [String]?
    package var cc: [String]?
    package var replyTo: String?
    /// Of `OutputFormat`, where it is valid; what the request wants when absent.
    package var formats: [String]?
    /// `succeeded` when absent.
    package var when: When?
    package var unless: Unless?
    /// Columns and the values that rows need in them, as text: the others are left out before totals are made.
    package var only: [String: String]?
    /// `always` when absent.
    package var attach: Attach?
    /// With placeholders, without the format's ending.
    package var fileName: String?
    package var subject: String?
    package var text: String?

    package init(
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
