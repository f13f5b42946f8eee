import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// From the first look at a delivery to the send of its copies.
extension DeliveryDraft {
    mutating func advance() {
        guard let spec else { return }
        guard case .found(let copies) = observed.ledger else { return waitForLedger() }
        guard let channel = observed.channel?.spec.value, let type = observed.channel?.spec.value?.type else {
            return waitForChannel(spec, copies)
        }
        guard let recipients = status.recipients, let pinned = status.pinned else { return pin(spec, channel) }
        if case .broken(let words) = observed.standing {
            return waitForChannel(words, recipients, copies, channel)
        }
        guard observed.standing == .works else {
            // Its trial is under way, and wakes this delivery.
            return say(status.phase ?? .pending, status.message ?? "channel \(spec.channel) is being tried")
        }
        if let formats = pinned.formats?.compactMap(OutputFormat.init), !formats.isEmpty {
            switch observed.files {
            case .ready(let files): status.files = files
            case .impossible(let words):
                _ = settle(recipients, copies, End(reason: Reason.fileNotMade, message: words))
                return
            case .troubled(let words):
                say(.rendering, words)
                plan.isImpatient = true
                return
            case .notAsked, .beingMade:
                guard isAnyOpen(recipients, copies) else {
                    settle(recipients, copies, nil)
                    return
                }
                say(.rendering, "making \(formats.map(\.rawValue).joined(separator: ", "))")
                if observed.files == .notAsked { plan.actions.append(.makeFiles(formats)) }
                return
            }
        }
        send(recipients, copies, channel, type)
    }

    // MARK: Waiting

    private mutating func waitForChannel(_ spec: ReportDeliverySpec, _ copies: [DeliveryCopy]) {
        var words =
            "there is no channel \"\(spec.channel)\" in the namespace \(observed.courierNamespace); kubectl get rch -n "
            + "\(observed.courierNamespace) shows those that there are"
        if observed.channel != nil { words = "channel \(spec.channel) is not written as it should be; see its status" }
        giveUpOrWait(words, status.recipients ?? [], copies, limit: nil)
    }

    private mutating func waitForChannel(
        _ words: String, _ recipients: [ReportDeliveryStatus.Recipient], _ copies: [DeliveryCopy],
        _ channel: ReportChannelSpec
    ) {
        // What was claimed before it broke has an end of its own.
        giveUpOrWait(
            "channel \(spec?.channel ?? "") doesn't work: \(words)", recipients, copies, limit: channel.retryFor)
    }

    private mutating func giveUpOrWait(
        _ words: String, _ recipients: [ReportDeliveryStatus.Recipient], _ copies: [DeliveryCopy],
        limit: ReportDuration?
    ) {
        let limit = limit ?? Self.defaultRetryFor
        let start = metadata.creationTimestamp?.date ?? now
        let due = start.addingTimeInterval(Double(limit?.seconds ?? 86400))
        if due <= now {
            let end = End(reason: Reason.gaveUp, message: "gave up after \(limit?.description ?? "24h"): \(words)")
            return fail(end)
        }
        plan.wake(at: due)
        if !recipients.isEmpty { wakeForClaims(recipients, copies) }
        say(status.phase ?? .pending, words)
    }

    static var defaultRetryFor: ReportDuration? { ReportDuration(ReportChannelSpec.defaultRetryFor) }

    // MARK: Pinning

    private mutating func pin(_ spec: ReportDeliverySpec, _ channel: ReportChannelSpec) {
        let report: ObservedDelivery.Report
        switch observed.report {
        case .unknown(let words):
            if !words.isEmpty { say(.pending, words) }
            plan.isImpatient = true
            return
        case .missing: return waitForReport(spec)
        case .found(let found):
            // Of another namespace's report not even its existence is told.
            guard found.namespace == metadata.namespace else { return waitForReport(spec) }
            report = found
        }
        let attempt = spec.attempt ?? report.published?.attempt ?? report.attempt
        let published = report.published.flatMap { $0.attempt == attempt ? $0 : nil }
        guard report.attempt >= attempt else {
            // The operator writes it a moment later.
            return waitForRecord("attempt \(attempt) of the report is not recorded yet")
        }
        let isOver = report.attempt > attempt || report.phase.isTerminal
        guard isOver else {
            guard spec.attempt == nil else {
                return waitForRecord("the end of attempt \(attempt) is not recorded yet")
            }
            say(.pending, "the report is \(report.phase.rawValue); it is sent once it has succeeded")
            return plan.wake(at: now.addingTimeInterval(30))
        }
        let hasSucceeded =
            published != nil && (report.attempt > attempt || report.phase == .succeeded)
            || report.attempt == attempt && report.phase == .succeeded
        if let end = nothingToSend(spec, report, attempt, hasSucceeded: hasSucceeded) {
            return say(.failed, end, reason: Reason.nothingToDeliver)
        }
        let names = Self.recipients(of: spec, channel)
        if spec.unless == .empty, hasSucceeded, published?.rows == 0 {
            status.recipients = names.map {
                .init(to: $0, phase: .cancelled, detail: "the report has no rows", at: Timestamp(now))
            }
            status.sent = ReportDeliveryStatus.sent(of: status.recipients ?? [])
            return say(.delivered, "nothing was sent: the report has no rows, and unless is Empty")
        }
        let formats = hasSucceeded ? Self.formats(of: spec, channel, wanted: report.formats) : []
        status.pinned = .init(
            attempt: attempt, publication: published?.id, formats: formats.isEmpty ? nil : formats.map(\.rawValue))
        status.recipients = names.map { .init(to: $0) }
        status.sent = ReportDeliveryStatus.sent(of: status.recipients ?? [])
        say(formats.isEmpty ? .sending : .rendering, "\(names.count == 1 ? "1 copy" : "\(names.count) copies") to send")
    }

    private mutating func waitForReport(_ spec: ReportDeliverySpec) {
        let words =
            "there is no report \"\(spec.reportID)\" in the namespace \(metadata.namespace); kubectl get rr -o wide and "
            + "kubectl report history show their ids"
        let start = metadata.creationTimestamp?.date ?? now
        guard now.timeIntervalSince(start) < Double(DeliveryPlanner.recordPatience) else {
            return say(.failed, words, reason: Reason.reportNotFound)
        }
        waitForRecord(words)
    }

    private mutating func waitForRecord(_ words: String) {
        // A moment is not worth a word.
        let start = metadata.creationTimestamp?.date ?? now
        if now.timeIntervalSince(start) >= 3 { say(.pending, words) }
        plan.isImpatient = true
    }

    private func nothingToSend(
        _ spec: ReportDeliverySpec, _ report: ObservedDelivery.Report, _ attempt: Int, hasSucceeded: Bool
    ) -> String? {
        if hasSucceeded {
            return spec.when == .failed ? "nothing to send: the report Succeeded, and when is Failed" : nil
        }
        if report.attempt > attempt {
            return
                "nothing to send: attempt \(attempt) published nothing that counts; attempt \(report.attempt) came after it"
        }
        let when = spec.when ?? .succeeded
        if when == .always || when == .failed && report.phase == .failed { return nil }
        return "nothing to send: the report \(report.phase.rawValue)" + (report.message.map { " (\($0))" } ?? "")
            + "; retry it (kubectl report retry), or set when to Always for a notice"
    }

    static func recipients(of spec: ReportDeliverySpec, _ channel: ReportChannelSpec) -> [String] {
        channel.type == .mail ? (spec.to ?? []) + (spec.cc ?? []) : [spec.channel]
    }

    /// What is made of a report that succeeded.
    static func formats(
        of spec: ReportDeliverySpec, _ channel: ReportChannelSpec, wanted: [OutputFormat]
    ) -> [OutputFormat] {
        guard spec.attach != .never else { return [] }
        let own = spec.formats.map { $0.compactMap(OutputFormat.init) }
        switch channel.type {
        case .mail, .sharePoint, .folder: return own ?? (wanted.isEmpty ? [.pdf] : wanted)
        case .webhook: return own ?? wanted
        case .teams: return channel.teams?.sharePointChannel == nil ? [] : own ?? (wanted.isEmpty ? [.pdf] : wanted)
        case .mqtt: return []
        }
    }
}
