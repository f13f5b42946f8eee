public import KubernetesModel

/// How far a delivery has come: a copy of the ledger, which decides. Written by the courier alone.
public struct ReportDeliveryStatus: Codable, Hashable, Sendable {
    public enum Phase: String, Codable, Sendable, CaseIterable {
        case pending = "Pending"
        case rendering = "Rendering"
        case sending = "Sending"
        case delivered = "Delivered"
        case partlyDelivered = "PartlyDelivered"
        case failed = "Failed"

        /// Whether nothing more is tried.
        public var isTerminal: Bool {
            switch self {
            case .delivered, .partlyDelivered, .failed: true
            case .pending, .rendering, .sending: false
            }
        }
    }

    /// What the spec leaves out, as it was when the courier first saw the delivery.
    public struct Pinned: Codable, Hashable, Sendable {
        public var attempt: Int?
        /// The id of the rows' publication.
        public var publication: String?
        public var formats: [String]?

        public init(attempt: Int? = nil, publication: String? = nil, formats: [String]? = nil) {
            self.attempt = attempt
            self.publication = publication
            self.formats = formats
        }
    }

    public struct File: Codable, Hashable, Sendable {
        public var format: String
        public var name: String?
        /// In bytes.
        public var size: Int64?
        /// In hexadecimal digits.
        public var sha256: String?

        public init(format: String, name: String? = nil, size: Int64? = nil, sha256: String? = nil) {
            self.format = format
            self.name = name
            self.size = size
            self.sha256 = sha256
        }
    }

    public struct Recipient: Codable, Hashable, Sendable {
        public enum Phase: String, Codable, Sendable, CaseIterable {
            case pending = "Pending"
            case sending = "Sending"
            case sent = "Sent"
            case failed = "Failed"
            /// It may have been sent or not; a person alone repeats it.
            case unknown = "Unknown"
            case cancelled = "Cancelled"
        }

        /// The address; the channel's name where the channel has none.
        public var to: String
        public var phase: Phase
        /// The server's words, or what to do.
        public var detail: String?
        public var at: Timestamp?
        /// The message's, as the receiving side knows it.
        public var id: String?
        /// Whether an uncertain send was repeated.
        public var possiblyTwice: Bool?

        public init(
            to: String, phase: Phase = .pending, detail: String? = nil, at: Timestamp? = nil, id: String? = nil,
            possiblyTwice: Bool? = nil
        ) {
            self.to = to
            self.phase = phase
            self.detail = detail
            self.at = at
            self.id = id
            self.possiblyTwice = possiblyTwice
        }
    }

    public var observedGeneration: Int64?
    public var phase: Phase?
    /// What goes on and what to do next, for people.
    public var message: String?
    /// How often sending was tried.
    public var attempts: Int?
    public var pinned: Pinned?
    public var files: [File]?
    public var recipients: [Recipient]?
    /// Such as `2/3`: how many of the recipients have it, for the column.
    public var sent: String?
    public var completedAt: Timestamp?
    public var conditions: [Condition]?

    public static let deliveredCondition = "Delivered"

    public init() {}

    /// What `sent` says of these recipients.
    public static func sent(of recipients: [Recipient]) -> String {
        "\(recipients.count { $0.phase == .sent })/\(recipients.count)"
    }
}
