package import FoundationEssentials

/// The ticket of one firing, and those that it had before: a document of `report_tickets`, kept for ever. It decides whether
/// something is sent, and is written before and after each try.
package struct TicketEntry: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// It was claimed, and the other side hasn't taken it yet.
        case opening = "Opening"
        case open = "Open"
        /// Its firing is over, and the other side hasn't taken that yet.
        case closing = "Closing"
        case closed = "Closed"
        /// It was not opened, or not closed, and nothing more is tried.
        case failed = "Failed"

        package var isTerminal: Bool { self == .closed || self == .failed }
    }

    /// A ticket that is over, of an alert that has come back since.
    package struct Earlier: Codable, Hashable, Sendable {
        package var ticketID: String?
        package var openedAt: Date?
        /// Nil where the other side refused to close it.
        package var closedAt: Date?

        package init(ticketID: String?, openedAt: Date?, closedAt: Date?) {
            self.ticketID = ticketID
            self.openedAt = openedAt
            self.closedAt = closedAt
        }
    }

    /// The same for the same firing, whoever makes it: see `TicketRule.id`.
    package var id: String
    package var triggerUID: String
    package var namespace: String
    /// The trigger's name.
    package var trigger: String
    /// The alert's.
    package var fingerprint: String
    /// When the firing began.
    package var since: Date
    package var channel: String
    /// What was kept of the alert's when the ticket was claimed.
    package var labels: [String: String]?
    package var annotations: [String: String]?

    package var state: State
    /// Which of the firing's tickets it is, from 2: an alert that has come back within `cooldown` has another one. Nil: the first.
    package var round: Int?
    /// The firing's tickets before it, the first first.
    package var earlier: [Earlier]?
    /// What the other side calls it, where it says so.
    package var ticketID: String?
    /// When the firing ended, as far as that is known; set when the ticket is to be closed.
    package var endedAt: Date?
    package var openedAt: Date?
    package var closedAt: Date?

    /// Who claimed it last; nobody else touches it before `deadline`.
    package var holder: String?
    package var deadline: Date?
    /// Grows with each claim, so that a result of an earlier one changes nothing.
    package var epoch: Int64
    /// How often it was claimed to be opened, or to be closed.
    package var tries: Int
    /// How often it stayed uncertain whether that had arrived.
    package var uncertain: Int?
    /// Seconds of trying so far: the time when nothing could be tried doesn't count.
    package var triedFor: Int64?
    /// Not before then, as the other side asked.
    package var notBefore: Date?
    /// The other side's words, or what to do.
    package var detail: String?
    /// Why it failed; one of `Reason`.
    package var reason: String?
    /// When it was last written.
    package var at: Date
    /// Where the trigger is: see `RecordOrigin`.
    package var cluster: String?
    package var clusterName: String?
    package var namespaceUID: String?

    package init(
        triggerUID: String, namespace: String, trigger: String, fingerprint: String, since: Date, channel: String,
        id: String, at: Date
    ) {
        self.id = id
        self.triggerUID = triggerUID
        self.namespace = namespace
        self.trigger = trigger
        self.fingerprint = fingerprint
        self.since = since
        self.channel = channel
        self.at = at
        state = .opening
        epoch = 0
        tries = 0
    }

    /// What other sides know the ticket by.
    package var key: String { round.map { "\(id)-\($0)" } ?? id }

    /// Makes it the next ticket of the firing of one that is over.
    package mutating func follow(_ last: TicketEntry) {
        round = (last.round ?? 1) + 1
        epoch = last.epoch
        let over = Earlier(ticketID: last.ticketID, openedAt: last.openedAt, closedAt: last.closedAt)
        earlier = (last.earlier ?? []) + [over]
    }

    package var origin: RecordOrigin {
        get { RecordOrigin(cluster: cluster, clusterName: clusterName, namespaceUID: namespaceUID) }
        set { (cluster, clusterName, namespaceUID) = (newValue.cluster, newValue.clusterName, newValue.namespaceUID) }
    }

    package enum CodingKeys: String, CodingKey {
        case id = "_id"
        case triggerUID, namespace, trigger, fingerprint, since, channel, labels, annotations, state, ticketID, endedAt
        case round, earlier, openedAt, closedAt, holder, deadline, epoch, tries, uncertain, triedFor, notBefore, detail
        case reason, at, cluster, clusterName, namespaceUID
    }
}

/// What the ledger has of a trigger's tickets, as far as it can be read.
package struct TicketEntries: Hashable, Sendable {
    package var readable: [TicketEntry]
    /// By their ids; what is wrong, in words. These may have been opened.
    package var unreadable: [String: String]

    package init(readable: [TicketEntry] = [], unreadable: [String: String] = [:]) {
        self.readable = readable
        self.unreadable = unreadable
    }
}
