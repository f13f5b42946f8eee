package import FoundationEssentials
import ReportAPI
package import ReportRecords

/// What a copy becomes by what came of one try.
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
        settled.detail = words.isEmpty ? nil : words
        settled.at = now
        switch result {
        case .sent(let id):
            settled.phase = .sent
            settled.sentID = id
        case .refused:
            settled.phase = .failed
        case .deferred(let after):
            settled.phase = .pending
            settled.notBefore = after.map { now.addingTimeInterval(Double(min(max($0, 0), longestPause))) }
        case .uncertain where repeatsHarmlessly:
            settled.phase = .pending
        case .uncertain:
            settled.uncertain = (copy.uncertain ?? 0) + 1
            settled.phase = settled.uncertain == 1 ? .pending : .unknown
            settled.possiblyTwice = true
        }
        return settled
    }
}
