import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// What the spec leaves out is decided once, by what is known when the delivery is first seen.
extension DeliveryDraft {
    /// Which rows a delivery is of.
    private struct Subject {
        var attempt: Int
        /// Nil where the run didn't succeed, or published none.
        var publication: ObservedDelivery.Publication?
        var hasSucceeded: Bool
    }

    mutating func pin(_ spec: ReportDeliverySpec, _ channel: ReportChannelSpec) {
        let names = Self.recipients(of: spec, channel)
        let known: ObservedDelivery.Report?
        switch sight(of: spec) {
        case .waiting: return
        case .missing: known = nil
        case .found(let report): known = report
        }
        if let words = known.flatMap({ takenName(spec, $0) }) {
            // The ledger's copies under its key are the run's own delivery's.
            return say(.failed, words, reason: Reason.nameTaken)
        }
        if let copy = copies?.first(where: { $0.copy.attempt != nil })?.copy {
            // It was pinned before; the resource is older than that, restored.
            return pin(.init(attempt: copy.attempt, publication: copy.publication, formats: copy.formats), names)
        }
        guard let report = known else { return waitForReport(spec) }
        guard let subject = subject(spec, report) else { return }
        if let words = nothingToSend(spec, report, subject) {
            return say(.failed, words, reason: Reason.nothingToDeliver)
        }
        if spec.unless == .empty, subject.hasSucceeded, subject.publication?.rows == 0 {
            let recipients = names.map { name in
                ReportDeliveryStatus.Recipient(
                    to: name, phase: .cancelled, detail: "the report has no rows", at: Timestamp(now))
            }
            status.recipients = recipients
            status.sent = ReportDeliveryStatus.sent(of: recipients)
            return say(.delivered, "nothing was sent: the report has no rows, and unless is Empty")
        }
        if let offload = subject.publication?.offloaded {
            return say(.failed, "nothing is sent: \(offload.sentence(spec.reportID))", reason: Reason.offloaded)
        }
        let formats = subject.hasSucceeded ? Self.formats(of: spec, channel, wanted: report.formats) : []
        pin(
            .init(
                attempt: subject.attempt, publication: subject.publication?.id,
                formats: formats.isEmpty ? nil : formats.map(\.rawValue)), names)
    }

    /// The report, if it is of the delivery's own namespace; nil where that has to be waited for, or is none.
    ///
    /// Of another namespace's report not even its existence is told. Another one is also the one that had the same name before
    /// it was deleted and recreated, and the one of that name in another cluster with the same MongoDB.
    private mutating func sight(of spec: ReportDeliverySpec) -> Sight {
        switch (observed.report, observed.home) {
        case (.found(let report), _) where report.namespace != metadata.namespace: waitForReport(spec)
        case (.unknown(let words), _), (_, .unknown(let words)):
            if !words.isEmpty { say(.pending, words) }
            plan.isImpatient = true
        case (_, .missing): waitForReport(spec)
        case (.missing, .found): return .missing
        case (.found(let report), .found(let home)):
            if home.isOrigin(report.origin, namespace: report.namespace, createdAt: report.createdAt) {
                return .found(report)
            }
            waitForReport(spec)
        }
        return .waiting
    }

    private enum Sight {
        /// Why is said.
        case waiting
        /// The ledger may know more of it than the record.
        case missing
        case found(ObservedDelivery.Report)
    }

    private mutating func pin(_ pinned: ReportDeliveryStatus.Pinned, _ names: [String]) {
        let recipients = names.map { ReportDeliveryStatus.Recipient(to: $0) }
        status.pinned = pinned
        status.recipients = recipients
        status.sent = ReportDeliveryStatus.sent(of: recipients)
        say(
            pinned.formats == nil ? .sending : .rendering,
            "\(names.count == 1 ? "1 copy" : "\(names.count) copies") to send")
    }

    // MARK: The report

    /// Nil where its end has to be waited for.
    ///
    /// Rows may be of an earlier attempt than the one that succeeded, which then had not to read them again.
    private mutating func subject(_ spec: ReportDeliverySpec, _ report: ObservedDelivery.Report) -> Subject? {
        let newest = report.attempt
        if let attempt = spec.attempt, attempt > newest {
            waitForRecord("attempt \(attempt) of the report is not recorded yet; the newest is \(newest)")
            return nil
        }
        let published = report.published
        if spec.attempt ?? newest == newest, report.phase == .succeeded {
            return Subject(attempt: published?.attempt ?? newest, publication: published, hasSucceeded: true)
        }
        // What an earlier attempt published counts while a later one goes on, and when that has failed.
        if let published, published.attempt < newest, spec.attempt ?? published.attempt == published.attempt,
            report.earlier[published.attempt] ?? .succeeded == .succeeded
        {
            return Subject(attempt: published.attempt, publication: published, hasSucceeded: true)
        }
        let attempt = spec.attempt ?? newest
        if attempt == newest, !report.phase.isTerminal {
            // The operator makes deliveries when a run ends, and may record that a moment later.
            if spec.attempt != nil, now < patienceEnd {
                waitForRecord("the end of attempt \(attempt) is not recorded yet")
            } else {
                say(.pending, "the report is \(report.phase.rawValue); it is sent once it has succeeded")
                plan.wake(at: now.addingTimeInterval(30))
            }
            return nil
        }
        return Subject(attempt: attempt, publication: nil, hasSucceeded: false)
    }

    private func nothingToSend(
        _ spec: ReportDeliverySpec, _ report: ObservedDelivery.Report, _ subject: Subject
    ) -> String? {
        if subject.hasSucceeded {
            return spec.when == .failed ? "nothing to send: the report Succeeded, and when is Failed" : nil
        }
        if report.attempt > subject.attempt {
            return "nothing to send: attempt \(subject.attempt) published nothing that counts; attempt "
                + "\(report.attempt) came after it"
        }
        let when = spec.when ?? .succeeded
        if when == .always || when == .failed && report.phase == .failed { return nil }
        return "nothing to send: the report \(report.phase.rawValue)" + (report.message.map { " (\($0))" } ?? "")
            + "; retry it (kubectl report retry), or set when to Always for a notice"
    }

    /// Why it isn't the operator's though it is named as one of the run's own; nil where it is, or is a person's.
    private func takenName(_ spec: ReportDeliverySpec, _ report: ObservedDelivery.Report) -> String? {
        guard let list = report.deliveries, let own = OperatorDelivery(observed.delivery) else { return nil }
        let wanted = own.spec(from: list, notice: report.failureNotice, said: spec)
        guard spec != wanted else { return nil }
        let differing = wanted.map { spec.fields(unlike: $0).map { "spec.\($0)" }.joined(separator: ", ") }
        return "nothing is sent: this has the name of a delivery of the run itself, which asks for something else ("
            + (differing.map { "differing in \($0)" } ?? "the run has no such delivery")
            + "); delete it (kubectl delete rd \(metadata.name) -n \(metadata.namespace)), then send the report with kubectl "
            + "report resend \(spec.reportID) -n \(metadata.namespace)"
    }

    // MARK: A record that lags

    /// When the operator must have recorded what the delivery is about. MongoDB may have been away until a moment ago.
    private var patienceEnd: Date {
        max(created, observed.readableSince ?? created).addingTimeInterval(DeliveryPlanner.recordPatience)
    }

    private mutating func waitForReport(_ spec: ReportDeliverySpec) {
        waitForRecord(
            "there is no report \"\(spec.reportID)\" in the namespace \(metadata.namespace); kubectl get rr -o wide and "
                + "kubectl report history show their ids")
    }

    private mutating func waitForRecord(_ words: String) {
        guard now < patienceEnd else { return say(.failed, words, reason: Reason.reportNotFound) }
        // A moment is not worth a word.
        if now.timeIntervalSince(created) >= 3 { say(.pending, words) }
        plan.isImpatient = true
    }

    // MARK: What goes out

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
