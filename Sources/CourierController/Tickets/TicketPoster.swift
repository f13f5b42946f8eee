import AsyncSupport
import ControllerRuntime
import DeliveryChannels
import DeliveryPlanning
import FoundationEssentials
import KubernetesModel
import Logging
import ReportAPI
import ReportRecords
import ReportStores

/// Opens and closes tickets in the background: claims an entry in the ledger, sends, and writes what came of it there.
struct TicketPoster: Sendable {
    let cache: CourierCache
    let desk: ChannelDesk
    let inFlight: InFlight
    /// Shared with deliveries: no more goes through a channel at once.
    let lanes: ChannelLanes
    let ledger: TicketLedger
    let background: Background
    let metrics: TicketMetrics
    /// Of this process, in claims.
    let holder: String
    /// Whether this process may act now.
    let mayAct: @Sendable () -> Bool
    /// Has a trigger's tickets looked at again.
    let wake: @Sendable (TicketKey) -> Void
    /// Has a channel tried.
    let tryChannel: @Sendable (String) -> Void
    /// How long one send may take.
    let patience: Duration
    let logger: Logger
    let now: @Sendable () -> Date

    /// How much longer nobody else touches the entry: clocks differ, and the result has to be written.
    private var margin: Duration { patience * 0.4 }

    func begin(_ entry: TicketEntry, over before: TicketEntry?, of key: TicketKey) {
        guard inFlight.begin(entry.id, of: key.uid) else { return }
        background.begin {
            do {
                try await lanes.take(entry.channel, namespace: entry.namespace)
                defer { lanes.giveBack(entry.channel) }
                await claimAndSend(entry, over: before, key)
            } catch {
                // The process ends.
            }
            _ = inFlight.end(entry.id, of: key.uid)
            wake(key)
        }
    }

    private func claimAndSend(_ entry: TicketEntry, over before: TicketEntry?, _ key: TicketKey) async {
        guard mayAct(), !background.isEnding, let webhook = cache.channel(entry.channel)?.spec.value?.webhook,
            let template = try? TicketTemplate(webhook), case .works = desk.standing(of: entry.channel),
            let sender = desk.sender(for: entry.channel) as? any TicketSender
        else { return }
        var claim = entry
        claim.holder = holder
        claim.at = now()
        claim.deadline = claim.at.addingTimeInterval((patience + margin).seconds)
        let deadline = ContinuousClock.now + patience
        guard await isClaimed(claim, over: before, by: deadline, key) else { return }
        let outcome = await sender.send(template.post(of: claim), by: deadline) { [mayAct, background] in
            mayAct() && !background.isEnding && ContinuousClock.now < deadline
        }
        let settled = TicketRule.settled(claim, outcome.result, words: outcome.words, now: now())
        await settle(settled, over: claim, key)
        switch outcome {
        case .sent, .refused: return
        case .deferred(_, let after?) where after > .zero: return
        case .deferred, .misconfigured, .uncertain:
            // Others would fare the same: the channel is tried before anything more goes out.
            if desk.doubt(entry.channel) { tryChannel(entry.channel) }
        }
        logger.notice(
            "A ticket was not sent",
            metadata: [
                "trigger": "\(key)", "channel": "\(entry.channel)", "try": "\(entry.tries)",
                "outcome": "\(outcome.name)", "words": "\(outcome.words.head(bytes: 512))",
            ])
    }

    private func isClaimed(
        _ claim: TicketEntry, over before: TicketEntry?, by deadline: ContinuousClock.Instant, _ key: TicketKey
    ) async -> Bool {
        await write(claim, over: before) { trouble in
            logger.warning("A ticket can't be claimed yet", metadata: ["trigger": "\(key)", "error": "\(trouble)"])
        }.isClaimed(by: deadline)
    }

    private func settle(_ settled: TicketEntry, over claim: TicketEntry, _ key: TicketKey) async {
        let isSettled = await write(settled, over: claim) { trouble in
            logger.warning(
                "What came of a ticket can't be written yet",
                metadata: ["trigger": "\(key)", "outcome": "\(settled.state.rawValue)", "error": "\(trouble)"])
        }.isSettled()
        switch isSettled {
        case true?: tell(settled, of: key)
        case false?:
            logger.error(
                "Somebody else has written a ticket that was claimed here",
                metadata: ["trigger": "\(key)", "ticket": "\(claim.id)"])
        case nil: return
        }
    }

    private func write(
        _ entry: TicketEntry, over before: TicketEntry?, tell: @escaping @Sendable (StoreTrouble) -> Void
    ) -> LedgerWrite {
        LedgerWrite(
            background: background,
            write: {
                await Result { () async throws(StoreTrouble) in try await ledger.write(entry, over: before) }
            }, tell: tell)
    }

    /// Counts and logs what the ledger holds now.
    func tell(_ entry: TicketEntry, of key: TicketKey) {
        let metadata: Logger.Metadata = [
            "trigger": "\(key)", "channel": "\(entry.channel)", "alert": "\(entry.fingerprint)",
            "ticket": "\(entry.id)", "words": "\((entry.detail ?? "").head(bytes: 512))",
        ]
        switch entry.state {
        // It is tried again.
        case .opening, .closing: return
        case .open: logger.notice("Opened a ticket", metadata: metadata)
        case .closed: logger.notice("Closed a ticket", metadata: metadata)
        case .failed: logger.warning("Gave up a ticket", metadata: metadata)
        }
        metrics.became(entry)
    }
}
