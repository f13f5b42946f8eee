public import FoundationEssentials
public import ReportAPI

/// One recipient's copy of a delivery: a document of `report_deliveries`, kept for ever. The ledger, which decides whether
/// something is sent: it is written before and after each try.
public struct DeliveryCopy: Codable, Hashable, Sendable {
    public typealias Phase = ReportDeliveryStatus.Recipient.Phase

    /// `delivery/recipient`: see `id(delivery:recipient:)`.
    public var id: String
    /// What the delivery is known by, whatever becomes of its resource: see `DeliveryKey`.
    public var delivery: String
    /// The resource's.
    public var namespace: String
    public var name: String
    /// The report's id.
    public var reportID: String
    public var attempt: Int?
    public var publication: String?
    public var channel: String
    /// A channel's type.
    public var type: String
    /// The address; the channel's name where its type has none.
    public var recipient: String
    public var formats: [String]?
    /// What went along at the last try.
    public var files: [ReportDeliveryStatus.File]?

    public var phase: Phase
    /// Who claimed it last; nobody else touches it before `deadline`.
    public var holder: String?
    /// Grows with each claim, so that a result of an earlier one changes nothing.
    public var epoch: Int64
    public var deadline: Date?
    /// How often it was claimed.
    public var tries: Int
    /// How often it stayed uncertain whether it had arrived.
    public var uncertain: Int?
    public var firstTriedAt: Date?
    /// Seconds of trying so far: the time when nothing could be tried, since MongoDB or the courier was away, doesn't count.
    public var triedFor: Int64?
    /// Not before then, as the other side asked.
    public var notBefore: Date?
    /// The other side's words, or what to do.
    public var detail: String?
    /// Why it was ended without being sent, where that wasn't the other side's doing; one of `Reason`.
    public var reason: String?
    /// What the other side knows it by.
    public var sentID: String?
    /// Whether one that may have arrived was sent again, where that isn't harmless.
    public var possiblyTwice: Bool?
    /// When it was last written.
    public var at: Date
    /// Where the delivery was made: see `RecordOrigin`.
    public var cluster: String?
    public var clusterName: String?
    public var namespaceUID: String?

    public init(
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
    public static let noticeSuffix = "/notice"

    public var isNotice: Bool { delivery.hasSuffix(Self.noticeSuffix) }

    /// Addresses that differ in case alone are one recipient.
    public static func id(delivery: String, recipient: String) -> String { "\(delivery)/\(recipient.lowercased())" }

    public enum CodingKeys: String, CodingKey {
        case id = "_id"
        case delivery, namespace, name, reportID, attempt, publication, channel, type, recipient, formats, files, phase
        case holder, epoch, deadline, tries, uncertain, firstTriedAt, triedFor, notBefore, detail, reason
        case sentID, possiblyTwice, at, cluster, clusterName, namespaceUID
    }
}

extension DeliveryCopy.Phase {
    /// Whether nothing more is tried.
    public var isTerminal: Bool {
        switch self {
        case .sent, .failed, .unknown, .cancelled: true
        case .pending, .sending: false
        }
    }
}

/// A document of `report_deliveries` that says something other than a courier of this version writes: edited by hand, or of a
/// later version.
public struct UnreadableCopy: Error, Hashable, Sendable, CustomStringConvertible {
    /// The document's; empty where that isn't even a text.
    public var id: String
    /// The field, and what is wrong with it.
    public var fault: String

    public init(id: String, fault: String) {
        self.id = id
        self.fault = fault
    }

    public var description: String {
        "the document \(id.isEmpty ? "without a readable _id" : "\"\(id)\"") of MongoDB's report_deliveries can't be read: "
            + fault
    }
}

/// What the ledger has of a delivery or a report, as far as it can be read.
public struct LedgerCopies: Hashable, Sendable {
    public var readable: [DeliveryCopy]
    /// What these are about may have been sent, to whomever.
    public var unreadable: [UnreadableCopy]

    public init(readable: [DeliveryCopy] = [], unreadable: [UnreadableCopy] = []) {
        self.readable = readable
        self.unreadable = unreadable
    }

    /// For people: that there is more than is told, and why; nil where all of it can be read.
    public var fault: String? {
        guard let first = unreadable.first else { return nil }
        return "\(first)" + (unreadable.count > 1 ? "; and \(unreadable.count - 1) more" : "")
    }
}
