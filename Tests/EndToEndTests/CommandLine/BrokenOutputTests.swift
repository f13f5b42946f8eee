import ClusterSupport
import Foundation
import Testing

/// Where what is written can't go; without a cluster.
struct BrokenOutputTests {
    @Test func aFullDiskIsToldAndNoSuccess() async throws {
        let result = try await redirected("--help >/dev/full")
        #expect(result.status == 4, "\(result)")
        #expect(result.errors == "Error: standard output can't be written: No space left on device\n")
    }

    @Test func hintsThatCannotBeToldChangeNothing() async throws {
        let result = try await redirected("frobnicate 2>/dev/full")
        #expect(result.status == 2, "\(result)")
    }

    private func redirected(_ line: String) async throws -> ReportCTL.Result {
        try await Command.result(["bash", "-c", "\"$0\" \(line)", ReportCTL.binary.path])
    }
}
