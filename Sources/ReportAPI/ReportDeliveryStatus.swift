package import KubernetesModel

/// How far a delivery has come: a copy of the ledger, which decides. Written by the courier alone.
package struct ReportDeliveryStatus: Codable, Hashable, Sendable {
    package enum Phase: String, Codable, Sendable, CaseIterable {
        case pending = "Pending"
        case rendering = "Rendering"
        case sending = "Sending"
        case delivered = "Delivered"
        case partlyDelivered = "PartlyDelivered"
        case failed = "Failed"

        /// Whether nothing more is tried.
        package var isTerminal: Bool {
            switch self {
            case .delivered, .partlyDelivered, .failed: true
            case .pending, .rendering, .sending: false
            }
        }
    }

    /// What the spec leaves out, as it was when the courier first saw the delivery.
    package struct Pinned: Codable, Hashable, Sendable {
        package var attempt: Int?
        /// The id of the rows' publication.
        package var publication: String?
        package var formats: [String]?

        package init(attempt: Int? = nil, publication: String? = nil, formats: [String]? = nil) {
            self.attempt = attempt
            self.publication = publication
            self.formats = formats
        }
    }

    package struct File: Codable, Hashable, Sendable {
        package var format: String
        package var name: String?
        /// In bytes.
        package var size: Int64?
        /// In hexadecimal digits.
        package var sha256: String?

        package init(format: String, name: String? = nil, size: Int64? = nil, sha256: String? = nil) {
            self.format = format
            self.name = name
            self.size = size
            self.sha256 = sha256
        }
    }

    package struct Recipient: Codable, Hashable, Sendable {
        package enum Phase: String, Codable, Sendable, CaseIterable {
            case pending = "Pending"
            case sending = "Sending"
            case sent = "Sent"
            case failed = "Failed"
            /// It may have been sent or not; a person alone repeats it.
            case unknown = "Unknown"
            case cancelled = "Cancelled"
        }

        /// The address; the channel's name where the channel has none.
        package var to: String
        package var phase: Phase
        /// The server's words, or what to do.
        package var detail: String?
        package var at: Timestamp?
        /// The message's, as the receiving side knows it.
        package var id: String?
        /// Whether an uncertain send was repeated.
        package var possiblyTwice: Bool?

        package init(
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

    package var observedGeneration: Int64?
    package var phase: Phase?
    /// What goes on and what to do next, for people.
    package var message: String?
    /// How often sending was tried.
    package var attempts: Int?
    package var pinned: Pinned?
    package var files: [File]?
    package var recipients: [Recipient]?
    /// Such as `2/3`: how many of the recipients have it, for the column.
    package var sent: String?
    package var completedAt: Timestamp?
    package var conditions: [Condition]?

    package static let deliveredCondition = "Delivered"

    package init() {}

    /// What `sent` says of these recipients.
    package static func sent(of recipients: [Recipient]) -> String {
        "\(recipients.count { $0.phase == .sent })/\(recipients.count)"
    }
}
