import ClusterSupport
import Foundation
import ReportAPI
import Testing

/// The record in MongoDB, as the sample's runs leave it.
@Suite(.needsCluster, .serialized, .besideOthers)
struct CommandLineRecordTests {
    private let sample = LiveCluster.root.appendingPathComponent("manifests/samples/trial-balance").path

    @Test func aReportIsReadAfterItsRequestIsGone() async throws {
        try await Scene.play { scene in
            let uri = try #require(ProcessInfo.processInfo.environment["MONGODB_URI"])
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(scene.namespace)-uri")
            try Data("\(uri)\n".utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            let process = try OperatorProcess(
                namespace: scene.namespace, "--mongodb-uri-file", file.path, statusAddress: "off")
            do {
                try await readsTheRecord(scene)
                await process.crash()
            } catch {
                await process.crash()
                throw error
            }
        }
    }

    private func readsTheRecord(_ scene: Scene) async throws {
        try await scene.createSampleSecrets()
        try await scene.kubectl("apply", "-k", sample)
        let reportctl = ReportCTL(scene)
        let made = try await reportctl.run(
            "submit", "trial-balance", "-p", "period=2026-10", "--name", "tb", "--requester", "dana@example.com",
            "--wait")
        #expect(made.status == 0, "\(made)")
        try await scene.kubectl("delete", "reportrequest", "tb", "--timeout=60s")
        #expect(try await reportctl.run("describe", "tb").status == 4)

        let listed = try await reportctl.run("history", "--requester", "dana@example.com", "--phase", "succeeded")
        #expect(listed.output.contains(/tb +trial-balance +Succeeded/), "\(listed)")
        #expect(try await reportctl.run("history", "--phase", "Failed", "-o", "name").output.isEmpty)
        #expect(try await reportctl.run("history", "--until", "1h", "-o", "name").output.isEmpty)
        #expect(
            try await reportctl.run("history", "--since", "1h", "--pipeline", "trial-balance").output == listed.output)
        let id = try await reportctl.run("history", "--name", "tb", "-o", "name").output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let one = try await reportctl.run("history", id)
        #expect(one.output.contains(/publish +Succeeded/) && one.output.contains("period=2026-10"), "\(one)")

        let csv = try await reportctl.run("result", "tb", "--format", "csv")
        #expect(csv.status == 0, "\(csv)")
        let lines = csv.output.split(separator: "\n")
        #expect(lines.count > 20, "\(csv)")
        let json = try await reportctl.run("result", id, "--format", "json").output
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(rows.count == lines.count - 1)
        #expect(Set(rows.flatMap(\.keys)) == Set(lines[0].split(separator: ",").map(String.init)))
        let table = try await reportctl.run("result", "tb")
        #expect(table.output.split(separator: "\n").count == lines.count)
        #expect(try await reportctl.run("result", "nothing").status == 4)
    }
}
