package import FoundationEssentials
package import MailMessages
package import ReportAPI
package import ReportLayout
package import ReportRecords

/// One copy of a report on its way through a channel: what goes out, whatever the way.
package struct Dispatch: Sendable {
    package struct File: Hashable, Sendable {
        package var format: OutputFormat
        /// One segment with the format's ending, such as `trial-balance-2026-10.pdf`.
        package var name: String
        /// On the courier's own disk, until the send is over.
        package var path: String
        /// In bytes.
        package var size: Int
        /// In hexadecimal digits.
        package var sha256: String

        package init(format: OutputFormat, name: String, path: String, size: Int, sha256: String) {
            self.format = format
            self.name = name
            self.path = path
            self.size = size
            self.sha256 = sha256
        }
    }

    /// How the run ended that it tells of.
    package struct Run: Hashable, Sendable {
        package var attempt: Int
        package var phase: ReportRequestStatus.Phase
        package var reason: String?
        package var message: String?
        package var completedAt: Date?
        /// When the report's source was read.
        package var asOf: Date?
        /// Nil of one that published none.
        package var rows: Int?
        package var requester: ReportRequestSpec.Requester?

        package init(attempt: Int, phase: ReportRequestStatus.Phase) {
            self.attempt = attempt
            self.phase = phase
        }
    }

    /// Of the delivery and the recipient: the same for each try, so that who gets it twice can tell.
    package var id: String
    /// What placeholders stand for.
    package var report: ReportIdentity
    /// Where it was made; people are told the cluster's name, where it has one.
    package var origin = RecordOrigin.unknown
    package var run: Run
    /// The report's title, on one line.
    package var title: String
    /// When its source was read, in a sentence and in the report's zone.
    package var asOfLine: String?
    /// Of Mail alone.
    package var recipient: MailAddress?
    package var cc: [MailAddress] = []
    package var replyTo: MailAddress?
    /// As it was wanted, its placeholders resolved; nil: the channel says something of its own.
    package var subject: String?
    package var text: String?
    /// The first rows, for people to read: as plain text, and as HTML without script or remote resource.
    package var preview: String?
    package var previewHTML: String?
    /// None of a notice.
    package var files: [File] = []
    /// When the delivery was made: the same for each try.
    package var createdAt: Date

    package init(id: String, report: ReportIdentity, run: Run, title: String, createdAt: Date) {
        self.id = id
        self.report = report
        self.run = run
        self.title = title
        self.createdAt = createdAt
    }
}
