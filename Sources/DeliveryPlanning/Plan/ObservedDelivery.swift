package import FoundationEssentials
import KubernetesModel
package import ReportAPI
package import ReportRecords

/// All that a decision on one delivery rests on.
package struct ObservedDelivery: Sendable {
    /// What something outside the cluster says of what was asked.
    package enum Finding<Value: Sendable>: Sendable {
        case found(Value)
        case missing
        /// It couldn't be asked, in these words.
        case unknown(String)
    }

    /// The record of the report, as far as it matters here.
    package struct Report: Hashable, Sendable {
        package var namespace: String
        /// Where it was made, and when: the namespace's name may have been another one's then.
        package var origin: RecordOrigin
        package var createdAt: Date
        package var phase: ReportRequestStatus.Phase
        /// The newest that the record knows.
        package var attempt: Int
        /// What counts of its rows; nil where none were published.
        package var published: Publication?
        /// Those that the request wanted.
        package var formats: [OutputFormat]
        /// Why it ended as it did.
        package var message: String?
        /// How the attempts before it ended, as far as the record knows.
        package var earlier: [Int: ReportRequestStatus.Phase]
        /// What was pinned to go out at the run's end; nil where the record doesn't hold it.
        package var deliveries: [DeliverSpec]?
        /// How the requester is told that one of these has failed.
        package var failureNotice: DeliverSpec?

        package init(
            namespace: String, origin: RecordOrigin, createdAt: Date, phase: ReportRequestStatus.Phase, attempt: Int,
            published: Publication? = nil, formats: [OutputFormat] = [], message: String? = nil,
            earlier: [Int: ReportRequestStatus.Phase] = [:], deliveries: [DeliverSpec]? = nil,
            failureNotice: DeliverSpec? = nil
        ) {
            self.namespace = namespace
            self.origin = origin
            self.createdAt = createdAt
            self.phase = phase
            self.attempt = attempt
            self.published = published
            self.formats = formats
            self.message = message
            self.earlier = earlier
            self.deliveries = deliveries
            self.failureNotice = failureNotice
        }
    }

    /// Of the rows that count.
    package struct Publication: Hashable, Sendable {
        package var attempt: Int
        /// Nil of one by an older stage, of which an attempt has one.
        package var id: String?
        package var rows: Int
        /// Nil while they are in MongoDB.
        package var offloaded: Offload?

        package init(attempt: Int, id: String?, rows: Int, offloaded: Offload? = nil) {
            self.attempt = attempt
            self.id = id
            self.rows = rows
            self.offloaded = offloaded
        }
    }

    /// Whether the report is read and its files are on the courier's disk.
    package enum Files: Hashable, Sendable {
        case notAsked
        case beingMade
        case ready([ReportDeliveryStatus.File])
        /// There will be none.
        case impossible(String)
        /// They can't be made for now; it is to be tried again at that moment.
        case troubled(String, again: Date)
    }

    /// Whether the channel can be used, as it was tried last.
    package enum Standing: Hashable, Sendable {
        case untried
        case works
        case broken(String)
    }

    package var delivery: ReportDelivery
    /// What the ledger knows it by: see `DeliveryKey`.
    package var key: String
    /// The one that it names, in the courier's namespace; nil where there is none.
    package var channel: ReportChannel?
    package var standing: Standing
    /// Whether a copy that may have arrived can be sent again without harm.
    package var repeatsHarmlessly: Bool
    /// Of its namespace; nil where that isn't known (yet), or is gone: nothing is sent then.
    package var namespaceLabels: [String: String]?
    /// The namespace that it is in, of all that have ever had the name; missing where that is gone.
    package var home: Finding<LiveNamespace>
    package var report: Finding<Report>
    /// The copies that were ever touched.
    package var ledger: Finding<[DeliveryCopy]>
    /// What the ledger has of it and can't be read: it may have been sent.
    package var unreadable: [UnreadableCopy] = []
    /// Since when MongoDB could be read without a break, as far as this process knows: who writes there may need as long.
    package var readableSince: Date?
    /// The recipients whose copies this process is sending now.
    package var inFlight: Set<String>
    package var files: Files
    /// When its status was last written by this process.
    package var writtenAt: Date?
    package var courierNamespace: String

    package init(delivery: ReportDelivery, key: String, courierNamespace: String) {
        self.delivery = delivery
        self.key = key
        self.courierNamespace = courierNamespace
        standing = .untried
        home = .unknown("")
        repeatsHarmlessly = false
        report = .unknown("")
        ledger = .unknown("")
        inFlight = []
        files = .notAsked
    }
}
