import KubernetesModel
import MailMessages
public import ReportAPI

/// What a report is sent again as: from what a person wants, and from what was delivered before. A function of both.
public struct Resend: Hashable, Sendable {
    public struct Wish: Hashable, Sendable {
        public var to: [String] = []
        /// Nil: as before, where `to` isn't named either.
        public var cc: [String]?
        public var channel: String?
        public var formats: [String] = []
        public var subject: String?
        public var text: String?
        /// Columns and the values that rows need in them; nil as before, empty for all rows.
        public var only: [String: String]?
        /// Only those it hasn't been sent to yet.
        public var isOnlyMissing = false
        /// Also those for which it isn't known.
        public var includesUnknown = false

        public init() {}
    }

    public enum Refusal: Error, Hashable, Sendable {
        /// It went several ways, and none is named.
        case severalChannels([String])
        /// None is named, and it went nowhere before.
        case noChannel
        /// Nobody is named, and nobody got it before.
        case nobody(channel: String)
        /// It isn't known who lacks it: nothing of that channel is known.
        case nothingBefore(channel: String)
        /// It isn't known who lacks it: what is kept of it can't be read, or not now.
        case unknown(String)
    }

    /// What there is to do.
    public enum Outcome: Hashable, Sendable {
        case send(Resend)
        /// Nobody lacks it; `unknown`: those for which it isn't known, `underway`: those it is being sent to.
        case nobodyLacksIt(unknown: [String], underway: [String])
    }

    public var entry: DeliverSpec
    /// The delivery that it repeats, by its name.
    public var repeats: String?
    /// Of `isOnlyMissing`: those for which it isn't known, and which are left out.
    public var unknown: [String] = []
    /// Of `isOnlyMissing`: those it is being sent to.
    public var underway: [String] = []

    /// The channel that is named, or the one that the report went through; nil where it went nowhere.
    public static func channel(of wish: Wish, earlier: [KnownDelivery]) throws(Refusal) -> String? {
        if let channel = wish.channel { return channel }
        let channels = Set(originals(earlier).map(\.channel)).sorted()
        // Addresses are of Mail alone.
        let mailing =
            wish.to.isEmpty
            ? channels
            : Set(
                originals(earlier).filter { !$0.addresses.isEmpty }.map(\.channel)
            ).sorted()
        if mailing.count > 1 { throw .severalChannels(mailing) }
        return mailing.first
    }

    /// `preferred`: the earlier one to repeat, by its name; else the first one through that channel. `requester`: who gets a
    /// mail that nobody got before. `kind`: of the channel, nil where it isn't known. `fault`: why `earlier` may not
    /// be all.
    public static func outcome(
        of wish: Wish, channel: String, kind: ReportChannelSpec.Kind?, earlier: [KnownDelivery],
        repeating preferred: String? = nil, requester: String? = nil, fault: String? = nil
    ) throws(Refusal) -> Outcome {
        let through = originals(earlier).filter { $0.channel.isSame(as: channel) }
        let base = through.first { $0.name == preferred } ?? through.last
        var entry = base?.entry ?? DeliverSpec(channel: channel)
        entry.when = nil
        if !wish.formats.isEmpty { entry.formats = wish.formats }
        if let subject = wish.subject { entry.subject = subject }
        if let text = wish.text { entry.text = text }
        if let only = wish.only { entry.only = only.isEmpty ? nil : only }
        if !wish.to.isEmpty {
            entry.to = wish.to
            entry.cc = nil
        } else if entry.to == nil, kind == .mail {
            entry.to = requester.map { [$0] }
        }
        if let cc = wish.cc { entry.cc = cc.isEmpty ? nil : cc }
        if kind == .mail, (entry.to ?? []).isEmpty { throw .nobody(channel: channel) }
        var resend = Resend(entry: entry, repeats: base?.name)
        guard wish.isOnlyMissing else { return .send(resend) }
        if let fault { throw .unknown(fault) }
        guard !through.isEmpty || !wish.to.isEmpty else { throw .nothingBefore(channel: channel) }
        let copies = Copies(through)
        let people =
            wish.to.isEmpty
            ? Copies.unique(through.reversed().flatMap { $0.addresses + $0.recipients.map(\.to) }) : wish.to
        // Of a channel without addresses there is one copy, under the channel's name.
        let isMail = kind.map { $0 == .mail } ?? !through.allSatisfy(\.addresses.isEmpty)
        let wanted = isMail ? people : [channel]
        resend.unknown = wish.includesUnknown ? [] : wanted.filter { copies.state(of: $0) == .unknown }
        resend.underway = wanted.filter { copies.state(of: $0) == .underway }
        let lacking = wanted.filter { person in
            let state = copies.state(of: person)
            return state == .lacking || (state == .unknown && wish.includesUnknown)
        }
        guard !lacking.isEmpty else {
            return .nobodyLacksIt(unknown: resend.unknown, underway: resend.underway)
        }
        resend.entry.to = isMail ? lacking : nil
        resend.entry.cc = nil
        return .send(resend)
    }

    /// Those that brought a report, the newest first; a notice of a failure is not one.
    private static func originals(_ earlier: [KnownDelivery]) -> [KnownDelivery] {
        earlier.filter { $0.entry?.when != .failed && !$0.isNotice && !$0.channel.isEmpty }
            .sorted { ($0.createdAt?.seconds ?? 0, $0.name) > ($1.createdAt?.seconds ?? 0, $1.name) }
    }
}

/// What became of each address' copy over all deliveries of a report through one channel.
private struct Copies {
    enum State { case sent, underway, unknown, lacking }

    private var states: [String: State] = [:]

    init(_ deliveries: [KnownDelivery]) {
        for delivery in deliveries {
            var seen: Set<String> = []
            for recipient in delivery.recipients {
                seen.insert(Self.key(recipient.to))
                switch recipient.phase {
                case .sent: note(.sent, recipient.to)
                case .unknown: note(.unknown, recipient.to)
                case .pending, .sending: note(delivery.isOver ? .lacking : .underway, recipient.to)
                case .failed, .cancelled: note(.lacking, recipient.to)
                }
            }
            // Not looked at by the courier yet.
            guard !delivery.isOver else { continue }
            let all = delivery.addresses.isEmpty ? [delivery.channel] : delivery.addresses
            for address in all where !seen.contains(Self.key(address)) { note(.underway, address) }
        }
    }

    /// The one that outweighs the others: what has been sent stays so.
    private mutating func note(_ state: State, _ address: String) {
        let order: [State] = [.lacking, .unknown, .underway, .sent]
        let known = states[Self.key(address)] ?? .lacking
        let rank = { (state: State) in order.firstIndex(of: state) ?? 0 }
        states[Self.key(address)] = rank(state) > rank(known) ? state : known
    }

    func state(of address: String) -> State { states[Self.key(address)] ?? .lacking }

    /// Two ways to write one mailbox are one.
    static func key(_ address: String) -> String { (try? MailAddress(address))?.key ?? address }

    static func unique(_ addresses: [String]) -> [String] {
        var seen: Set<String> = []
        return addresses.filter { seen.insert(key($0)).inserted }
    }
}
