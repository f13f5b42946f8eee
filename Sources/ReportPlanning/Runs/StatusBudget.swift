import KubernetesModel
import ReportAPI

/// How large a status may become: etcd takes about 1.5 MiB for a whole request, its spec and its pinned pipeline included.
///
/// What is oldest is shortened first. Every phase of every stage stays as long as possible, since events and the record
/// follow from the status.
enum StatusBudget {
    /// Bytes as stored, besides the pipeline and the parameters of `accepted`, which have limits of their own: 256 and 64 KiB.
    static let bytes = 256 << 10

    /// The status within its budget. One that is within it already stays as it is.
    static func fit(_ status: ReportRequestStatus, bytes: Int = bytes) -> ReportRequestStatus {
        var excess = size(status) - bytes
        guard excess > 0 else { return status }
        var fitted = status
        var attempts = fitted.previousAttempts ?? []
        for shorten in [withShortMessages, withoutStages] {
            for index in attempts.indices where excess > 0 {
                let shorter = shorten(attempts[index])
                excess -= size(attempts[index]) - size(shorter)
                attempts[index] = shorter
            }
        }
        let dropped = attempts.prefix { attempt in
            guard excess > 0 else { return false }
            excess -= size(attempt)
            return true
        }
        fitted.previousAttempts = status.previousAttempts.map { _ in Array(attempts.dropFirst(dropped.count)) }
        for limit in [512, 256, 128, 64] where excess > 0 {
            shortenMessages(of: &fitted, to: limit)
            excess = size(fitted) - bytes
        }
        return excess > 0 ? minimal(fitted) : fitted
    }

    /// What is left where the API server takes no more: how far each stage came and how the run ended, hardly a word why.
    static func minimal(_ status: ReportRequestStatus) -> ReportRequestStatus {
        var minimal = status
        minimal.previousAttempts = nil
        shortenMessages(of: &minimal, to: 64)
        minimal.message = minimal.runMessage?.head(bytes: 512)
        minimal.ignoredChange = nil
        minimal.conditions = minimal.conditions?.map { condition in
            var condition = condition
            condition.message = condition.message.head(bytes: 64)
            return condition
        }
        return minimal
    }

    private static func withShortMessages(_ attempt: PreviousAttempt) -> PreviousAttempt {
        var attempt = attempt
        attempt.stages = attempt.stages?.map { shortened($0, to: 64) }
        return attempt
    }

    private static func withoutStages(_ attempt: PreviousAttempt) -> PreviousAttempt {
        var attempt = attempt
        attempt.stages = nil
        return attempt
    }

    private static func shortenMessages(of status: inout ReportRequestStatus, to limit: Int) {
        status.stages = status.stages?.map { shortened($0, to: limit) }
    }

    private static func shortened(_ stage: StageStatus, to limit: Int) -> StageStatus {
        var stage = stage
        stage.message = stage.message?.ends(bytes: limit)
        return stage
    }

    /// Bytes of the status as JSON, without the pipeline and the parameters that were accepted; rather too many than too few.
    static func size(_ status: ReportRequestStatus) -> Int {
        let texts = [
            status.reason, status.message, status.ignoredChange, status.pipelineName, status.period,
            status.parameterSummary, status.stage,
        ]
        return 1024 + texts.map(size).reduce(0, +)
            + (status.stages ?? []).map(size).reduce(0, +)
            + size(status.transitions)
            + (status.previousAttempts ?? []).map(size).reduce(0, +)
            + (status.accepted?.deliveries ?? []).map(size).reduce(0, +)
            + (status.conditions ?? []).map { 192 + size($0.reason) + size($0.message) }.reduce(0, +)
    }

    private static func size(_ entry: DeliverSpec) -> Int {
        let texts = [
            entry.channel, entry.replyTo, entry.when?.rawValue, entry.unless?.rawValue, entry.attach?.rawValue,
            entry.fileName, entry.subject, entry.text,
        ]
        let lists = (entry.to ?? []) + (entry.cc ?? []) + (entry.formats ?? [])
        return 192 + texts.map(size).reduce(0, +) + lists.map { 3 + size($0) }.reduce(0, +)
            + (entry.only ?? [:]).map { 6 + size($0.key) + size($0.value) }.reduce(0, +)
    }

    private static func size(_ attempt: PreviousAttempt) -> Int {
        256 + size(attempt.reason) + (attempt.stages ?? []).map(size).reduce(0, +) + size(attempt.transitions)
    }

    private static func size(_ stage: StageStatus) -> Int {
        320 + [stage.name, stage.job, stage.reason, stage.message].map(size).reduce(0, +)
    }

    private static func size(_ transitions: [PhaseTransition]?) -> Int {
        (transitions ?? []).map { 96 + size($0.reason) }.reduce(0, +)
    }

    private static func size(_ text: String?) -> Int { text.map { StoredSize.of($0) } ?? 0 }
}
