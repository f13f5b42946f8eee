import AsyncSupport
import ControllerRuntime
import DeliveryChannels
import DeliveryPlanning
import FoundationEssentials
import KubernetesModel
import Logging
import MailMessages
import ReportAPI
import ReportRecords
import ReportStores

/// Sends copies in the background: claims one in the ledger, sends it, and writes what came of it there.
struct CopySender: Sendable {
    let cache: CourierCache
    let desk: ChannelDesk
    let preparations: Preparations
    let inFlight: InFlight
    let lanes: ChannelLanes
    let ledger: DeliveryLedger
    let background: Background
    let metrics: DeliveryMetrics
    /// Of this process, in claims.
    let holder: String
    /// Whether this process may act now.
    let mayAct: @Sendable () -> Bool
    /// Has a delivery looked at again, after that time.
    let wake: @Sendable (ObjectKey, Duration) -> Void
    /// Has a channel tried.
    let tryChannel: @Sendable (String) -> Void
    /// How long one send may take.
    let patience: Duration
    let logger: Logger
    let now: @Sendable () -> Date

    /// How much longer nobody else touches the copy: clocks differ, and the result has to be written.
    private var margin: Duration { patience * 0.4 }

    func begin(_ copy: DeliveryCopy, over before: DeliveryCopy?, of delivery: ReportDelivery) {
        let uid = delivery.metadata.uid
        guard inFlight.begin(copy.recipient, of: uid) else { return }
        background.begin {
            var pause: Duration?
            do {
                try await lanes.take(copy.channel, namespace: copy.namespace)
                defer { lanes.giveBack(copy.channel) }
                pause = await send(copy, over: before, of: delivery)
            } catch {
                // The process ends.
            }
            let rest = inFlight.end(copy.recipient, of: uid)
            // Of many that end one after another the delivery isn't looked at for each.
            wake(delivery.key, pause ?? (rest == 0 ? .zero : .milliseconds(500)))
        }
    }

    /// - Returns: when to look at the delivery again, where that isn't at once.
    private func send(_ copy: DeliveryCopy, over before: DeliveryCopy?, of delivery: ReportDelivery) async -> Duration?
    {
        guard mayAct(), !background.isEnding, let spec = delivery.spec.value,
            let channel = cache.channel(copy.channel)?.spec.value, let sender = desk.sender(for: copy.channel),
            case .works = desk.standing(of: copy.channel), isOpen(delivery)
        else { return nil }
        // The channel's allowed recipients may have changed while this one waited for its turn: the plan ends the copy then.
        if let mail = channel.mail, DeliveryCheck.obstacle(to: copy.recipient, through: mail) != nil { return nil }
        guard let report = preparations.borrow(for: delivery) else {
            let formats = delivery.status?.pinned?.formats?.compactMap(OutputFormat.init) ?? []
            preparations.begin(delivery, formats: formats)
            return .seconds(5)
        }
        defer { preparations.giveBack(report, of: delivery) }
        if let limit = channel.mail?.limits?.perNamespacePerHour {
            guard let pause = await lanes.pause(copy.channel, namespace: copy.namespace, limit: limit, now: now())
            else {
                return await claimAndSend(copy, over: before, report, spec, delivery, sender)
            }
            return pause
        }
        return await claimAndSend(copy, over: before, report, spec, delivery, sender)
    }

    /// Whether it still goes on, who has waited for its turn: a report that nobody sends any more is not to be read again.
    private func isOpen(_ delivery: ReportDelivery) -> Bool {
        guard let newest = cache.deliveries.get(delivery.key), newest.metadata.uid == delivery.metadata.uid else {
            return false
        }
        return newest.status?.phase?.isTerminal != true
    }

    /// Claims the copy, and sends it if the claim is written.
    func claimAndSend(
        _ copy: DeliveryCopy, over before: DeliveryCopy?, _ report: PreparedReport, _ spec: ReportDeliverySpec,
        _ delivery: ReportDelivery, _ sender: any ChannelSender
    ) async -> Duration? {
        var dispatch = report.dispatch(copy, of: delivery, spec)
        if ReportChannelSpec.Kind(rawValue: copy.type) == .mail {
            dispatch.recipient = try? MailAddress(copy.recipient)
            dispatch.cc = (spec.cc ?? []).compactMap { try? MailAddress($0) }
            dispatch.replyTo = spec.replyTo.flatMap { try? MailAddress($0) }
        }
        var claim = copy
        claim.holder = holder
        claim.at = now()
        let files = dispatch.files.map { file in
            ReportDeliveryStatus.File(
                format: file.format.rawValue, name: file.name, size: Int64(file.size), sha256: file.sha256)
        }
        claim.files = files.isEmpty ? nil : files
        claim.deadline = claim.at.addingTimeInterval((patience + margin).seconds)
        let begin = ContinuousClock.now
        let deadline = begin + patience
        guard await isClaimed(claim, over: before, by: deadline, delivery) else { return nil }
        let outcome = await sender.send(dispatch, by: deadline) { [mayAct, background] in
            mayAct() && !background.isEnding && ContinuousClock.now < deadline
        }
        metrics.tried(copy.type, outcome, took: ContinuousClock.now - begin)
        let settled = SettlingRule.settled(
            claim, outcome.result, words: outcome.words.head(bytes: 1024), repeatsHarmlessly: sender.repeatsHarmlessly,
            now: now())
        await settle(settled, over: claim, delivery)
        react(to: outcome, copy, delivery)
        return nil
    }

    private func isClaimed(
        _ claim: DeliveryCopy, over before: DeliveryCopy?, by deadline: ContinuousClock.Instant,
        _ delivery: ReportDelivery
    ) async -> Bool {
        await write(claim, over: before) { trouble in
            logger.warning(
                "A copy can't be claimed yet", metadata: ["delivery": "\(delivery.key)", "error": "\(trouble)"])
        }.isClaimed(by: deadline)
    }

    private func settle(_ settled: DeliveryCopy, over claim: DeliveryCopy, _ delivery: ReportDelivery) async {
        let isSettled = await write(settled, over: claim) { trouble in
            logger.warning(
                "What came of a copy can't be written yet",
                metadata: [
                    "delivery": "\(delivery.key)", "outcome": "\(settled.phase.rawValue)", "error": "\(trouble)",
                ])
        }.isSettled()
        if isSettled == false {
            logger.error(
                "Somebody else has written a copy that was claimed here",
                metadata: ["delivery": "\(delivery.key)", "recipient": "\(claim.recipient)"])
        }
    }

    private func write(
        _ copy: DeliveryCopy, over before: DeliveryCopy?, tell: @escaping @Sendable (StoreTrouble) -> Void
    ) -> LedgerWrite {
        LedgerWrite(
            background: background,
            write: {
                await Result { () async throws(StoreTrouble) in try await ledger.write(copy, over: before) }
            }, tell: tell)
    }

    private func react(to outcome: SendOutcome, _ copy: DeliveryCopy, _ delivery: ReportDelivery) {
        switch outcome {
        case .sent: return
        case .refused: break
        case .deferred(_, let after?) where after > .zero: break
        case .deferred, .misconfigured, .uncertain:
            // Others would fare the same: the channel is tried before anything more goes out.
            if desk.doubt(copy.channel) { tryChannel(copy.channel) }
        }
        logger.notice(
            "A copy was not sent",
            metadata: [
                "delivery": "\(delivery.key)", "channel": "\(copy.channel)", "try": "\(copy.tries)",
                "outcome": "\(outcome.name)", "words": "\(outcome.words.head(bytes: 512))",
            ])
    }
}

extension SendOutcome {
    /// For logs and metrics.
    var name: String {
        switch self {
        case .sent: "sent"
        case .refused: "refused"
        case .deferred: "deferred"
        case .misconfigured: "misconfigured"
        case .uncertain: "uncertain"
        }
    }

    var words: String {
        switch self {
        case .sent(_, let words), .refused(let words), .deferred(let words, _), .misconfigured(let words),
            .uncertain(let words):
            words
        }
    }

    var result: SettlingRule.Result {
        switch self {
        case .sent(let id, _): .sent(id: id)
        case .refused: .refused
        case .deferred(_, let after): .deferred(after: after.map { $0.components.seconds })
        case .misconfigured: .deferred(after: nil)
        case .uncertain: .uncertain
        }
    }
}
