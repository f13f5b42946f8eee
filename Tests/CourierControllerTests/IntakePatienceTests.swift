import ReportStores
import Testing

@testable import CourierController

/// A broker hands messages over in order: what one waits for must not hold up the others for ever.
struct IntakePatienceTests {
    private let start = ContinuousClock.now
    private let quota = Postponement("exceeded quota", scope: .namespace)

    @Test func aNamespaceThatRefusesHoldsUpOthersForOneMinuteWhateverItsMessages() {
        var patience = IntakePatience()
        let over1 = patience.isOver(quota, namespace: "a", id: "1", at: start)
        #expect(!over1)
        let over2 = patience.isOver(quota, namespace: "a", id: "1", at: start + .seconds(59))
        #expect(!over2)
        let over3 = patience.isOver(quota, namespace: "a", id: "1", at: start + .seconds(60))
        #expect(over3)
        patience.refused(namespace: "a", id: "1")
        // Its next one isn't waited for again.
        let over4 = patience.isOver(quota, namespace: "a", id: "2", at: start + .seconds(61))
        #expect(over4)
        let over5 = patience.isOver(quota, namespace: "b", id: "2", at: start + .seconds(61))
        #expect(!over5)
        patience.accepted(namespace: "a", id: "3")
        let over6 = patience.isOver(quota, namespace: "a", id: "4", at: start + .seconds(62))
        #expect(!over6)
    }

    @Test func aRequestThatIsBeingDeletedIsWaitedForAloneAndNotForEver() {
        var patience = IntakePatience()
        let leaving = Postponement("is being deleted", scope: .message)
        let over7 = patience.isOver(leaving, namespace: "a", id: "1", at: start)
        #expect(!over7)
        let over8 = patience.isOver(leaving, namespace: "a", id: "2", at: start + .seconds(60))
        #expect(!over8)
        let over9 = patience.isOver(leaving, namespace: "a", id: "1", at: start + .seconds(60))
        #expect(over9)
        patience.refused(namespace: "a", id: "1")
        let over10 = patience.isOver(leaving, namespace: "a", id: "1", at: start + .seconds(61))
        #expect(!over10)
    }

    @Test func aServerThatIsAwayIsWaitedForWithoutLimit() {
        var patience = IntakePatience()
        let away = Postponement("connection refused", scope: .cluster)
        for hours in 0..<3 {
            let over11 = patience.isOver(away, namespace: "a", id: "1", at: start + .seconds(3600 * hours))
            #expect(!over11)
        }
    }
}
