import FoundationEssentials
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// What a copy becomes by what came of one try.
@Suite struct SettlingRuleTests {
    private static let claim = DeliveryCopy(
        delivery: "d1", namespace: "finance", name: "books", reportID: "0b8f", channel: "books", type: "Mail",
        recipient: "dana@example.com", phase: .sending, at: .start
    ).with {
        $0.holder = "a"
        $0.deadline = .start.after(600)
        $0.epoch = 3
        $0.tries = 1
    }

    private func settled(
        _ result: SettlingRule.Result, _ words: String = "words", uncertain: Int? = nil, harmlessly: Bool = false
    ) -> DeliveryCopy {
        let claim = Self.claim.with { $0.uncertain = uncertain }
        let copy = SettlingRule.settled(
            claim, result, words: words, repeatsHarmlessly: harmlessly, now: .start.after(5))
        // The claim is over, and its epoch is the claim's: a later one finds it.
        #expect(copy.holder == nil && copy.deadline == nil && copy.at == .start.after(5) && copy.epoch == 3)
        #expect(copy.tries == 1)
        return copy
    }

    @Test func sentKeepsTheOtherSidesName() {
        let copy = settled(.sent(id: "<1@x>"), "250 queued")
        #expect(copy.phase == .sent && copy.sentID == "<1@x>" && copy.detail == "250 queued")
        #expect(settled(.sent(id: nil), "").detail == nil)
    }

    @Test func whatCanNotPassFailsAtOnceWithTheServersWords() {
        let copy = settled(.refused, "550 5.1.1 no such user")
        #expect(copy.phase == .failed && copy.detail == "550 5.1.1 no such user" && copy.possiblyTwice == nil)
    }

    @Test(arguments: [(nil, nil), (Int64(30), 35), (-5, 5), (.max, 86405)] as [(Int64?, Double?)])
    func deferredWaitsAsTheOtherSideAsksButNotForEver(after: Int64?, notBefore: Double?) {
        let copy = settled(.deferred(after: after))
        #expect(copy.phase == .pending && copy.notBefore == notBefore.map { Date.start.after($0) })
    }

    @Test func firstUncertaintyIsRepeatedAndTheSecondIsUnknown() {
        let first = settled(.uncertain)
        #expect(first.phase == .pending && first.uncertain == 1)
        let second = settled(.uncertain, uncertain: 1)
        #expect(second.phase == .unknown && second.uncertain == 2)
        #expect(second.detail == "words; it may have arrived all the same: ask the recipient before it is sent again")
        for uncertain in 0..<9 {
            #expect(settled(.uncertain, uncertain: uncertain, harmlessly: true).phase == .pending)
        }
    }

    /// Who is told that it failed sends it again, and it comes twice.
    @Test(arguments: [false, true])
    func whatMayHaveArrivedIsNeverSaidToHaveFailed(harmlessly: Bool) {
        let copy = settled(.refused, "550 no", uncertain: 1, harmlessly: harmlessly)
        #expect(copy.phase == .unknown && copy.detail?.hasPrefix("550 no; it may have arrived all the same") == true)
        #expect(SettlingRule.ended(copy, .cancelled, "deleted", now: .start).phase == .unknown)
        #expect(settled(.sent(id: nil), uncertain: 1).phase == .sent)
    }

    @Test func longWordsAreCutAndTheAdviceIsKept() {
        let copy = settled(.uncertain, String(repeating: "é", count: 5000), uncertain: 1)
        #expect(copy.detail?.utf8.count ?? 0 <= 1024 && copy.detail?.hasSuffix("before it is sent again") == true)
        #expect(settled(.refused, String(repeating: "é", count: 5000)).detail?.utf8.count ?? 0 <= 1024)
    }
}
