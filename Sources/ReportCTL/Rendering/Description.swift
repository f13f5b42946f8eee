import KubernetesModel
import ReportAPI
import ReportClient

/// All that a person wants to know of a request.
struct Description: Sendable {
    let terminal: Terminal
    let moments: Moments
    let isWide: Bool
    /// Whether it is the record that is shown: of a request that was deleted it is all there is.
    var isRecord = false
    /// When its source was read, where that is known.
    var asOf: String?
    /// What the cluster is called that it was made in.
    var cluster: String?
    /// What was sent where.
    var deliveries: [KnownDelivery] = []

    func lines(_ request: ReportRequest, now: Timestamp) -> [StyledText] {
        let status = request.status ?? ReportRequestStatus()
        var lines = fields(request, status, now: now)
        if let message = status.explanation, !message.isEmpty {
            lines += [""] + StyledText.lines(message, status.phase == .failed ? .bad : .plain)
        }
        for words in status.lastWords { lines += [""] + StyledText.lines(words, .plain) }
        let timeline = Timeline(terminal: terminal, moments: moments).lines(status, now: now)
        if !timeline.isEmpty { lines += [""] + timeline }
        let deliveries = DeliveryView(now: now, moments: moments).lines(deliveries)
        if !deliveries.isEmpty { lines += [""] + deliveries }
        lines += attempts(status, now: now)
        if isWide { lines += conditions(status) }
        return lines
    }

    private func fields(_ request: ReportRequest, _ status: ReportRequestStatus, now: Timestamp) -> [StyledText] {
        let spec = request.spec.value
        let metadata = request.metadata
        func moment(_ at: Timestamp?) -> StyledText? {
            at.map { StyledText("\(moments.full($0))  (\(Moments.age($0, now: now)) ago)") }
        }
        let requester = [spec?.requester?.name, spec?.requester?.email.map { "<\($0)>" }].compactMap(\.self)
        var fields = FieldList()
        fields.add("Name", StyledText(metadata.name, .strong))
        fields.add("Namespace", metadata.namespace)
        fields.add("Cluster", cluster)
        fields.add("Report ID", request.reportID)
        fields.add("Pipeline", status.pipelineName ?? spec?.pipelineRef?.name)
        // With the defaults of those that weren't given.
        let parameters = status.accepted?.parameters ?? spec?.parameters?.texts(ParameterLines.text)
        fields.add("Parameters", parameters: parameters ?? [:])
        fields.add("Requester", requester.isEmpty ? nil : requester.joined(separator: " "))
        fields.add("Phase", phase(status))
        fields.add("Attempt", (status.attempt ?? 1) > 1 ? "\(status.attempt ?? 1)" : nil)
        fields.add("Priority", spec?.priority.flatMap { $0 == 0 ? nil : "\($0)" })
        fields.add("Created", moment(metadata.creationTimestamp))
        fields.add("Started", moment(status.startedAt))
        fields.add("Ended", moment(status.completedAt))
        fields.add("Duration", status.duration)
        fields.add("As of", asOf)
        if metadata.isDeleting { fields.add(isRecord ? "Deleted" : "Deleting", moment(metadata.deletionTimestamp)) }
        if let recorded = status.condition(.recorded), !recorded.isTrue {
            fields.add(
                "Recorded", StyledText("\(recorded.status): \(recorded.reason) \(recorded.message)", .waiting))
        }
        if case .fault(let fault) = request.spec { fields.add("Fault", StyledText(fault, .bad)) }
        return fields.lines(width: terminal.width)
    }

    private func phase(_ status: ReportRequestStatus) -> StyledText {
        guard let phase = status.phase else { return "not seen by the operator yet" }
        return StyledText(phase.rawValue, .of(phase)) + StyledText(status.reason.map { "  (\($0))" } ?? "")
    }

    private func attempts(_ status: ReportRequestStatus, now: Timestamp) -> [StyledText] {
        guard let previous = status.previousAttempts, !previous.isEmpty else { return [] }
        var table = TextTable("ATTEMPT", "PHASE", "REASON", "STARTED", "TOOK")
        for attempt in previous {
            table.rows.append([
                StyledText("\(attempt.attempt)"), StyledText(attempt.phase.rawValue, .of(attempt.phase)),
                StyledText(attempt.reason ?? ""), StyledText(attempt.startedAt.map(moments.full) ?? ""),
                StyledText(Moments.length(from: attempt.startedAt, to: attempt.completedAt, now: now)),
            ])
        }
        return ["", "Attempts before this one:"] + table.lines()
    }

    private func conditions(_ status: ReportRequestStatus) -> [StyledText] {
        var table = TextTable("CONDITION", "STATUS", "REASON", "MESSAGE")
        table.rows = (status.conditions ?? []).map { condition in
            [condition.type, condition.status, condition.reason, condition.message].map { StyledText($0) }
        }
        return table.rows.isEmpty ? [] : [""] + table.lines()
    }
}
