package import FoundationEssentials
package import KubernetesModel
package import ReportAPI
package import ReportRecords

/// What a ticket's entry becomes: by a claim, by what came of a try, and by its end.
package enum TicketRule {
    /// The id of a firing's entry.
    package static func id(trigger uid: String, _ alert: ReportTriggerStatus.Alert) -> String {
        "\(uid)-\(Fingerprint.of(alert.fingerprint, "\(alert.since.seconds)"))"
    }

    /// The other side's id of a ticket; nil for what can't be one: it has to fit into an address.
    package static func ticketID(_ value: JSONValue?) -> String? {
        let text: String
        switch value {
        case .string(let value): text = value
        case .integer(let value): text = "\(value)"
        case .decimal(let value) where value.utf8.allSatisfy(ASCII.isDigit): text = value
        case .decimal, .number, .bool, .null, .array, .object, nil: return nil
        }
        guard (1...256).contains(text.utf8.count), !text.utf8.contains(where: ASCII.isControl), text != ".",
            text != ".."
        else { return nil }
        return text
    }

    package static func settled(
        _ entry: TicketEntry, _ result: SettlingRule.Result, words: String, now: Date
    ) -> TicketEntry {
        var settled = entry
        settled.holder = nil
        settled.deadline = nil
        settled.detail = words.isEmpty ? nil : words.head(bytes: 1024)
        settled.at = now
        switch result {
        case .sent(let id):
            settled.tries = 0
            (settled.uncertain, settled.triedFor, settled.notBefore) = (nil, nil, nil)
            if entry.state == .closing {
                settled.state = .closed
                settled.closedAt = now
            } else {
                settled.state = .open
                settled.ticketID = id
                settled.openedAt = now
            }
        case .refused:
            return ended(settled, Reason.ticketRefused, words, now: now)
        case .deferred(let after):
            settled.notBefore = SettlingRule.notBefore(after, now: now)
        case .uncertain:
            settled.uncertain = (entry.uncertain ?? 0) + 1
        }
        return settled
    }

    /// Nothing more is tried.
    static func ended(_ entry: TicketEntry, _ reason: String, _ words: String, now: Date) -> TicketEntry {
        var ended = entry
        let doubt = "; an earlier try may have arrived all the same"
        let isDoubtful = entry.uncertain ?? 0 > 0
        ended.state = .failed
        ended.reason = reason
        ended.detail = words.head(bytes: 1024 - doubt.utf8.count) + (isDoubtful ? doubt : "")
        ended.holder = nil
        ended.deadline = nil
        ended.notBefore = nil
        ended.at = now
        return ended
    }

    /// When it may be tried again.
    static func due(_ entry: TicketEntry) -> Date {
        let pause = RetryRule.pause(afterTries: entry.tries, of: entry.id)
        return max(entry.at.addingTimeInterval(Double(pause)), entry.notBefore ?? .distantPast)
    }

    /// Claimed for one more try. The claimant fills in its name, and until when. `held`: until when somebody else had it.
    static func claimed(_ entry: TicketEntry, heldUntil held: Date?, now: Date) -> TicketEntry {
        var claim = entry
        if entry.tries > 0 {
            // Longer than it should have been: nobody could try.
            let end = max(due(entry), held ?? .distantPast)
            let most = Int64(max(0, end.timeIntervalSince(entry.at))) + slack
            claim.triedFor = (entry.triedFor ?? 0) + min(Int64(max(0, now.timeIntervalSince(entry.at))), most)
        }
        claim.tries += 1
        claim.epoch += 1
        claim.notBefore = nil
        claim.at = now
        return claim
    }

    /// Seconds that a try may come late and still count as in time.
    private static let slack: Int64 = 120
}
