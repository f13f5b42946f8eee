import ClusterSupport
import Foundation
import ReportAPI
import Testing

/// The record in MongoDB, as the sample's runs leave it. Among that suite's tests, since they take turns in the staging area.
extension TrialBalanceTests {
    @Test func aReportIsReadAfterItsRequestIsGone() async throws {
        try await Scene.play { scene in
            try await scene.keepRecords()
            try await scene.startOperator()
            try await makesAReportAndDeletesItsRequest(scene)
            var reader = ReportCTL(scene)
            reader.environment = ["MONGODB_URI": ""]
            try await readsTheRecord(reader, installation: ["--operator-namespace", scene.namespace])
        }
    }

    private func makesAReportAndDeletesItsRequest(_ scene: Scene) async throws {
        try await scene.createSampleSecrets()
        try await scene.kubectl("apply", "-k", sample)
        let reportctl = ReportCTL(scene)
        let made = try await reportctl.run(
            "submit", "trial-balance", "-p", "period=2026-10", "--name", "tb", "--requester", "dana@example.com",
            "--wait")
        #expect(made.status == 0, "\(made)")
        try await scene.kubectl("delete", "reportrequest", "tb", "--timeout=60s")
        #expect(try await reportctl.run("describe", "tb").status == 4)
    }

    /// `installation`: options that name where the Secret with MongoDB's address is.
    private func readsTheRecord(_ reportctl: ReportCTL, installation: [String]) async throws {
        func run(_ arguments: String...) async throws -> ReportCTL.Result {
            try await reportctl.run(arguments + installation)
        }
        let listed = try await run("history", "--requester", "dana@example.com", "--phase", "succeeded")
        #expect(listed.output.contains(/tb +trial-balance +Succeeded/), "\(listed)")
        for none in [
            ["--phase", "Failed"], ["--until", "1h"], ["--since", "0s"], ["--pipeline", "other"],
            ["--requester", "Somebody Else"], ["--name", "tb2"],
        ] {
            let found = try await reportctl.run(["history", "-o", "name"] + none + installation)
            #expect(found.status == 0 && found.output.isEmpty, "\(none): \(found)")
        }
        let sameOne = try await run("history", "--since", "1h", "--pipeline", "trial-balance")
        #expect(sameOne.output == listed.output, "\(sameOne)")
        let id = try await run("history", "--name", "tb", "-o", "name").output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let one = try await run("history", id)
        #expect(one.output.contains(/publish +Succeeded/) && one.output.contains("period=2026-10"), "\(one)")
        let whole = try await run("history", id, "-o", "yaml").output
        #expect(whole.contains("phase: Succeeded") && whole.contains("_id: \(id)"), "\(whole)")
        let wide = try await run("history", "-o", "wide")
        #expect(wide.output.contains("REPORT-ID") && wide.output.contains(id), "\(wide)")
        try await readsTheRows(of: id, reportctl, installation)
    }

    private func readsTheRows(of id: String, _ reportctl: ReportCTL, _ installation: [String]) async throws {
        func result(_ arguments: String...) async throws -> ReportCTL.Result {
            try await reportctl.run(["result"] + arguments + installation)
        }
        let csv = try await result("tb", "--format", "csv")
        #expect(csv.status == 0, "\(csv)")
        let lines = csv.output.split(separator: "\n")
        #expect(lines.count > 20, "\(csv)")
        let json = try await result(id, "--format", "json").output
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(rows.count == lines.count - 1)
        #expect(Set(rows.flatMap(\.keys)) == Set(lines[0].split(separator: ",").map(String.init)))
        let table = try await result("tb")
        #expect(table.output.split(separator: "\n").count == lines.count)
        #expect(try await result("nothing").status == 4)
        try await savesFiles(of: id, csv: csv.output, reportctl, installation)
    }

    /// With the courier as a process of its own, which the cluster's MongoDB knows by the courier's name and password.
    private func savesFiles(
        of id: String, csv: String, _ reportctl: ReportCTL, _ installation: [String]
    ) async throws {
        func report(_ arguments: String...) async throws -> ReportCTL.Result {
            try await reportctl.run(["report", id] + arguments + installation)
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let without = try await report("--format", "csv", "--timeout", "1", "-o", folder.appending(path: "a").path)
        #expect(without.status == 4 && without.errors.contains("no courier has made the file"), "\(without)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)

        let courier = try CourierProcess(uri: try Scene.server("REPORT_TEST_MONGODB_COURIER_URI_FOR_PODS"))
        defer { courier.end() }
        let page = folder.appending(path: "tb.pdf").path
        let saved = try await report("-o", page)
        #expect(saved.status == 0 && saved.output == "\(page)\n", "\(saved)")
        #expect(FileManager.default.contents(atPath: page)?.starts(with: Data("%PDF-".utf8)) == true)
        let rows = try await report("--format", "csv", "-o", "-")
        #expect(rows.status == 0 && !rows.output.isEmpty, "\(rows)")
        #expect(
            rows.output.replacing("\r\n", with: "\n").split(separator: "\n").count
                == csv.split(separator: "\n").count)
        let elsewhere = try await report("-o", folder.appending(path: "no/such/folder.pdf").path)
        #expect(elsewhere.status == 4 && elsewhere.errors.contains("can't be written"), "\(elsewhere)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["tb.pdf"])
    }
}
