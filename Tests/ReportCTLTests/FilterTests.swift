import ArgumentParser
import Testing

@testable import ReportCTL

/// Nothing found among some is told from nothing there.
struct FilterTests {
    @Test(
        arguments: [
            ["--pipeline", "p"], ["--phase", "failed"], ["--requester", "dana"], ["--active"], ["-l", "a=b"],
        ])
    func aListKnowsThatItLeavesSomeOut(options: [String]) async throws {
        #expect(try await ListCommand.asyncParse(options).isFiltered)
        #expect(try await !ListCommand.asyncParse(["-A", "-o", "wide"]).isFiltered)
    }

    @Test(
        arguments: [
            ["--pipeline", "p"], ["--phase", "failed"], ["--requester", "dana"], ["--name", "n"], ["--since", "7d"],
            ["--until", "2026-10-31"], ["--param", "period=2026-10"], ["-p", "period=2026-10"],
        ])
    func theHistoryKnowsThatItLeavesSomeOut(options: [String]) async throws {
        #expect(try await HistoryCommand.asyncParse(options).isFiltered)
        #expect(try await !HistoryCommand.asyncParse(["-A", "--limit", "5"]).isFiltered)
    }
}
