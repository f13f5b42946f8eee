import ClusterSupport
import Foundation
import ReportAPI
import ReportController
import Testing

/// `reportctl wait` as scripts run it.
@Suite struct WaitCommandTests {
    private func wait(_ bed: TestBed, _ arguments: String...) async throws -> (
        status: Int32, output: String, errors: String
    ) {
        try await Command.result(
            [OperatorProcess.program("reportctl").path, "wait", "-n", bed.namespace] + arguments)
    }

    @Test func itEndsWithWhateverEndTheRunsCameTo() async throws {
        try await TestBed.run(fate: {
            $0.request == "bad" ? .fails(exitCode: 7, message: "no") : $0.request == "long" ? .runs : .succeeds
        }) { bed in
            try await bed.createPipeline(more: "{concurrency: {limit: 3, key: all}}")
            for name in ["good", "bad", "long"] { try await bed.createRequest(name) }
            let both = try await wait(bed, "good", "bad", "good")
            #expect(both.status == 1, "\(both.errors)")
            #expect(Set(both.output.split(separator: "\n")) == ["good Succeeded", "bad Failed"])
            #expect(try await wait(bed, "good").status == 0)
            let missing = try await wait(bed, "nope", "good")
            #expect(missing.status == 4 && missing.output == "good Succeeded\n", "\(missing.errors)")
            try await bed.pod(of: "one", request: "long")
            let late = try await wait(bed, "long", "good", "--timeout", "1s")
            #expect(late.status == 4 && late.errors.contains("long is not over after 1s"), "\(late.errors)")
            async let cancelled = wait(bed, "long")
            _ = try await Command.run(
                [OperatorProcess.program("reportctl").path, "cancel", "long", "-n", bed.namespace])
            #expect(try await cancelled.status == 3)
        }
    }
}
