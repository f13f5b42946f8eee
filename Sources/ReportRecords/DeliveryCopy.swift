package import FoundationEssentials
package import ReportAPI

/// One recipient's copy of a delivery: a document of `report_deliveries`, kept for ever. The ledger, which decides whether
/// something is sent: it is written before and after each try.
package struct DeliveryCopy: Codable, Hashable, Sendable {
    package typealias Phase = ReportDeliveryStatus.Recipient.Phase

    /// `delivery/recipient`: see `id(delivery:recipient:)`.
    package var id: String
    /// What the delivery is known by, whatever becomes of its resource: see `DeliveryKey`.
    package var delivery: String
    /// The resource's.
    package var namespace: String
    package var name: String
    /// The report's id.
    package var reportID: String
    package var attempt: Int?
    package var publication: String?
    package var channel: String
    /// A channel's type.
    package var type: String
    /// The address; the channel's name where its type has none.
    package var recipient: String
    package var formats: [String]?
    /// What went along at the last try.
    package var files: [ReportDeliveryStatus.File]?

    package var phase: Phase
    /// Who claimed it last; nobody else touches it before `deadline`.
    package var holder: String?
    /// Grows with each claim, so that a result of an earlier one changes nothing.
    package var epoch: Int64
    package var deadline: Date?
    /// How often it was claimed.
    package var tries: Int
    /// How often it stayed uncertain whether it had arrived.
    package var uncertain: Int?
    package var firstTriedAt: Date?
    /// Seconds of trying so far: the time when nothing could be tried, since MongoDB or the courier was away, doesn't count.
    package var triedFor: Int64?
    /// Not before then, as the other side asked.
    package var notBefore: Date?
    /// The other side's words, or what to do.
    package var detail: String?
    /// Why it was ended without being sent, where that wasn't the other side's doing; one of `Reason`.
    package var reason: String?
    /// What the other side knows it by.
    package var sentID: String?
    /// Whether one that may have arrived was sent again, where that isn't harmless.
    package var possiblyTwice: Bool?
    /// When it was last written.
    package var at: Date
    /// Where the delivery was made: see `RecordOrigin`.
    package var cluster: String?
    package var clusterName: String?
    package var namespaceUID: String?

    package init(
        delivery: String, namespace: String, name: String, reportID: String, channel: String, type: String,
        recipient: String, phase: Phase = .pending, at: Date
    ) {
        id = Self.id(delivery: delivery, recipient: recipient)
        self.delivery = delivery
        self.namespace = namespace
        self.name = name
        self.reportID = reportID
        self.channel = channel
        self.type = type
        self.recipient = recipient
        self.phase = phase
        self.at = at
        epoch = 0
        tries = 0
    }

    /// Ends `delivery` of one that tells of another's failure: it brings no report.
    package static let noticeSuffix = "/notice"

    package var isNotice: Bool { delivery.hasSuffix(Self.noticeSuffix) }

    /// Addresses that differ in case alone are one recipient.
    package static func id(delivery: String, recipient: String) -> String { "\(delivery)/\(recipient.lowercased())" }

    package enum CodingKeys: String, CodingKey {
        case id = "_id"
        case delivery, namespace, name, reportID, attempt, publication, channel, type, recipient, formats, files, phase
        case holder, epoch, deadline, tries, uncertain, firstTriedAt, triedFor, notBefore, detail, reason
        case sentID, possiblyTwice, at, cluster, clusterName, namespaceUID
    }
}

extension DeliveryCopy.Phase {
    /// Whether nothing more is tried.
    package var isTerminal: Bool {
        switch self {
        case .sent, .failed, .unknown, .cancelled: true
        case .pending, .sending: false
        }
    }
}
