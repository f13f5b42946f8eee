import ArgumentParser
import Testing

@testable import ReportCTL

struct EachNameTests {
    private final class Told {
        var troubles: [Trouble] = []
    }

    @Test func whatGoesWrongWithOneLeavesTheOthersTheirTurn() async throws {
        let told = Told()
        let troubles = [Trouble("a is over already"), Trouble("there is no b", code: .usage)]
        var each = EachName { told.troubles.append($0) }
        #expect(try await each.run { () async throws -> Int in throw troubles[0] } == nil)
        #expect(try await each.run { () async throws -> Int in throw troubles[1] } == nil)
        #expect(try await each.run { 3 } == 3)
        #expect(told.troubles == troubles)
        #expect(throws: ExitCode.unable) { try each.conclude() }
    }

    @Test func aRunsExitCodeIsTheProgramsWhereNothingWasAmissBefore() async throws {
        var each = EachName { _ in }
        _ = try await each.run { throw ExitCode.failed }
        _ = try await each.run { throw Trouble("gone") }
        #expect(throws: ExitCode.failed) { try each.conclude() }
    }

    @Test func interruptionEndsItForAll() async {
        var each = EachName { _ in }
        await #expect(throws: ExitCode.interrupted) { _ = try await each.run { throw ExitCode.interrupted } }
    }

    @Test func withoutTroubleItEndsWell() async throws {
        var each = EachName { _ in }
        _ = try await each.run {}
        try each.conclude()
    }
}
