package import FoundationEssentials
import KubernetesModel
import ReportAPI
package import ReportRecords

/// What a copy becomes by what came of one try, and how one ends.
package enum SettlingRule {
    package enum Result: Hashable, Sendable {
        case sent(id: String?)
        case refused
        /// Seconds before which the other side doesn't want it again.
        case deferred(after: Int64?)
        case uncertain
    }

    /// The longest that another side may have a copy waited for.
    package static let longestPause: Int64 = 24 * 3600

    package static func settled(
        _ copy: DeliveryCopy, _ result: Result, words: String, repeatsHarmlessly: Bool, now: Date
    ) -> DeliveryCopy {
        var settled = copy
        settled.holder = nil
        settled.deadline = nil
        settled.detail = words.isEmpty ? nil : words.head(bytes: 1024)
        settled.at = now
        switch result {
        case .sent(let id):
            settled.phase = .sent
            settled.sentID = id
        case .refused:
            return ended(settled, .failed, words, now: now)
        case .deferred(let after):
            settled.phase = .pending
            settled.notBefore = notBefore(after, now: now)
        case .uncertain:
            settled.uncertain = (copy.uncertain ?? 0) + 1
            settled.phase = .pending
            if !repeatsHarmlessly, settled.uncertain != 1 { return ended(settled, .unknown, words, now: now) }
        }
        return settled
    }

    /// When the other side, which asked for a pause of `after` seconds, takes it again.
    static func notBefore(_ after: Int64?, now: Date) -> Date? {
        after.map { now.addingTimeInterval(Double(min(max($0, 0), longestPause))) }
    }

    /// Its end other than by being sent.
    ///
    /// What may have arrived at an earlier try is never said not to have: who sends it again shall know.
    static func ended(
        _ copy: DeliveryCopy, _ phase: DeliveryCopy.Phase, _ words: String, reason: String? = nil, now: Date
    ) -> DeliveryCopy {
        var ended = copy
        let isDoubtful = phase == .unknown || copy.uncertain ?? 0 > 0
        ended.phase = isDoubtful ? .unknown : phase
        ended.detail = (words.head(bytes: 1024 - doubt.utf8.count) + (isDoubtful ? doubt : ""))
        ended.reason = reason
        ended.holder = nil
        ended.deadline = nil
        ended.notBefore = nil
        ended.at = now
        return ended
    }

    private static let doubt = "; it may have arrived all the same: ask the recipient before it is sent again"
}
