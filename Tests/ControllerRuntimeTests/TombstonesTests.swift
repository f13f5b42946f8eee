import Testing

@testable import ControllerRuntime

@Suite("Tombstones")
struct TombstonesTests {
    @Test func onlyTheLastAreKept() {
        var tombstones = Tombstones(capacity: 3)
        for uid in ["a", "b", "c", "d"] { tombstones.insert(uid) }
        #expect(!tombstones.contains("a"))
        #expect(["b", "c", "d"].allSatisfy { tombstones.contains($0) })
    }

    @Test func oneThatWasTakenAwayAndComesAgainIsAsYoungAsItsReturn() {
        var tombstones = Tombstones(capacity: 3)
        tombstones.insert("a")
        tombstones.insert("b")
        tombstones.remove("a")
        #expect(!tombstones.contains("a"))
        tombstones.insert("a")
        tombstones.insert("c")
        tombstones.insert("d")
        #expect(tombstones.contains("a"))
        #expect(!tombstones.contains("b"))
    }

    @Test func anObjectWithoutUIDLeavesNone() {
        var tombstones = Tombstones(capacity: 3)
        tombstones.insert("")
        #expect(!tombstones.contains(""))
    }
}
