import GatewayIdentity

extension TokenVerdict {
    /// In a word: `passes`, `not ours`, `away`, or the reason of a refusal.
    var outcome: String {
        switch self {
        case .caller: "passes"
        case .notOurs: "not ours"
        case .refused(let refusal): refusal.reason.rawValue
        case .unavailable: "away"
        }
    }
}
