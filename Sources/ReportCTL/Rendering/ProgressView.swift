import KubernetesModel
import ReportAPI

/// A run in a few lines: how far each stage is. A function of what is known and of the time.
struct ProgressView: Sendable {
    /// Seconds that a stage took in earlier runs, by name.
    var expected: [String: Int64] = [:]
    let terminal: Terminal

    private static let nameLimit = 24

    func lines(_ request: ReportRequest, now: Timestamp) -> [StyledText] {
        let status = request.status ?? ReportRequestStatus()
        let stages = status.stages ?? []
        let nameWidth = min(Self.nameLimit, stages.map(\.name.count).max() ?? 0)
        let head = head(request.metadata.name, status, now: now)
        let bars = stages.map { stage in
            "  " + mark(stage.phase) + " "
                + StyledText(stage.name).cut(to: nameWidth).padded(to: nameWidth) + "  "
                + bar(stage, now: now) + "  " + StyledText(note(stage, now: now))
        }
        return [head] + bars + [StyledText(status.explanation?.firstLine ?? "", .faint)]
    }

    /// However long the names are, the phase stays on the screen.
    private func head(_ name: String, _ status: ReportRequestStatus, now: Timestamp) -> StyledText {
        let state =
            "   " + StyledText(status.phase?.rawValue ?? "not seen by the operator yet", .of(status.phase)) + "   "
            + StyledText(Moments.length(from: status.startedAt, to: status.completedAt, now: now))
        var table = TextTable("", "")
        table.rows = [[StyledText(name, .strong), StyledText(status.pipelineName ?? "")]]
        table.fit([0, 1], to: terminal.width - 1 - state.count)
        return table.lines(hasHeader: false).reduce("", +) + state
    }

    private var barWidth: Int { min(40, max(10, terminal.width - Self.nameLimit - 34)) }

    private func bar(_ stage: StageStatus, now: Timestamp) -> StyledText {
        let bar = Bar(isUnicode: terminal.isUnicode)
        let tone = Tone.of(stage.phase)
        switch stage.phase {
        case .pending: return bar.progress(0, width: barWidth, tone: tone)
        case .skipped: return StyledText(String(repeating: " ", count: barWidth))
        case .succeeded: return bar.progress(1, width: barWidth, tone: tone)
        case .failed, .cancelled, .running:
            let elapsed = max(0, (stage.completedAt ?? now).seconds - (stage.startedAt ?? now).seconds)
            if let usual = expected[stage.name], usual > 0 {
                // Full means done, so what takes longer than usual stays just below.
                return bar.progress(min(0.97, Double(elapsed) / Double(usual)), width: barWidth, tone: tone)
            }
            return stage.phase == .running
                ? bar.wandering(elapsed, width: barWidth, tone: tone) : bar.progress(0.5, width: barWidth, tone: tone)
        }
    }

    private func note(_ stage: StageStatus, now: Timestamp) -> String {
        let length = Moments.length(from: stage.startedAt, to: stage.completedAt, now: now)
        switch stage.phase {
        case .pending: return expected[stage.name].map { "usually \(ReportDuration.format(seconds: $0))" } ?? ""
        case .running:
            return expected[stage.name].map { "\(length) of about \(ReportDuration.format(seconds: $0))" } ?? length
        case .succeeded: return length
        case .failed: return "\(length)  \(stage.reason ?? "Failed")\(stage.exitCode.map { " \($0)" } ?? "")"
        case .cancelled, .skipped: return stage.phase.rawValue
        }
    }

    private func mark(_ phase: StageStatus.Phase) -> StyledText {
        let (unicode, ascii) =
            switch phase {
            case .pending: ("·", " ")
            case .running: ("▶", ">")
            case .succeeded: ("✔", "+")
            case .failed: ("✘", "x")
            case .cancelled: ("■", "-")
            case .skipped: ("–", "-")
            }
        return StyledText(terminal.isUnicode ? unicode : ascii, .of(phase))
    }
}

extension ProgressView {
    /// What each stage usually takes: the median of the runs of that pipeline that succeeded.
    static func expectations(_ requests: [ReportRequest], pipeline: String?) -> [String: Int64] {
        var lengths: [String: [Int64]] = [:]
        for status in requests.compactMap(\.status)
        where status.phase == .succeeded && pipeline != nil && status.pipelineName == pipeline {
            for stage in status.stages ?? [] {
                guard let start = stage.startedAt, let end = stage.completedAt else { continue }
                lengths[stage.name, default: []].append(end.seconds - start.seconds)
            }
        }
        return lengths.mapValues { $0.sorted()[$0.count / 2] }
    }
}
