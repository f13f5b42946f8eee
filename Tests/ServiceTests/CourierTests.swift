import AsyncSupport
import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport
import MongoClient
import ProgramSupport
import ReportAPI
import ReportClient
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// The courier as a process, a real MongoDB, and people who want files.
@Suite(.services(.mongodb)) struct CourierTests {
    let bench: MongoBench
    let asker: ReportFiles

    init() async throws {
        bench = try MongoBench(try .current)
        var options = MongoBench.impatient
        options.socketTimeout = .seconds(60)
        let client = MongoClient(bench.client.uri, options: options, logger: MongoBench.logger)
        asker = ReportFiles(ReportStore(client: client, database: bench.database))
        try await bench.store.prepare()
    }

    /// A report that has succeeded and published these rows.
    private func publish(
        _ uid: String = "r", layout: LayoutSpec? = nil, files: [String: ReportResult.StageFile]? = nil,
        rows: [[BSONValue]] = [["Assets:Cash", .decimal128(BSONDecimal128("10.50") ?? .init(high: 0, low: 0))]]
    ) async throws -> ReportRecord {
        let states = RequestLife.states(uid: uid)
        for var state in states {
            state.status?.accepted?.pipeline.report = layout
            try await bench.store.save(state)
        }
        let columns = [ReportResult.Column(name: "account", type: "string"), .init(name: "closing", type: "decimal")]
        let result = ReportResult(
            uid: uid, attempt: 1, publication: "p", buckets: 1, rows: rows.count, columns: columns, files: files,
            publishedAt: Timestamp.start.date)
        try await bench.collection("report_rows").insert([
            "_id": .string(result.bucketID(0)), "reportID": .string(uid), "attempt": 1, "n": 0,
            "rows": .array(rows.map { .array($0) }),
        ])
        try await bench.collection("report_results").insert(result)
        return try #require(try await bench.store.record(uid: uid))
    }

    private func bytes(_ file: WantedFile) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await asker.read(file) { bytes += $0 }
        return bytes
    }

    /// What is said of why there is no such file.
    private func faultOfAsking(for report: ReportRecord, as format: OutputFormat) async throws -> String {
        do {
            _ = try await asker.file(of: report, as: format, within: .seconds(120))
        } catch ClientError.noFile(let fault) {
            return fault
        }
        return "none: there is a file"
    }

    private func courier(_ options: String...) throws -> CourierProcess {
        try CourierProcess(
            uri: try LiveServices.current.value("MONGODB_ADMIN_URI"), database: bench.database, options: options)
    }

    @Test(.timeLimit(.minutes(5))) func everyFormatIsMadeOnceWhoeverAsks() async throws {
        let report = try await publish()
        let (first, second) = (try courier(), try courier())
        defer { [first, second].forEach { $0.end() } }
        for (format, head) in [
            (OutputFormat.pdf, "%PDF-"), (.xlsx, "PK\u{3}\u{4}"), (.csv, "account,"), (.html, "<!DOCTYPE"),
            (.json, "{"),
        ] {
            let answers = try await withThrowingTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask { try await asker.file(of: report, as: format, within: .seconds(120)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.compactMap(\.file)).count == 1)
            let content = try await bytes(try #require(answers.first))
            let text = String(decoding: content.prefix(64), as: UTF8.self).trimmingPrefix("\u{FEFF}")
            #expect(text.lowercased().hasPrefix(head.lowercased()), "\(format): \(text)")
        }
        #expect(try await bench.collection("report_files.files").count() == 5)
    }

    @Test(.timeLimit(.minutes(5))) func whoAsksBeforeTheCourierIsThereIsAnsweredAndWhoMayNotIsTold() async throws {
        let report = try await publish()
        let waiting = Task { try await asker.file(of: report, as: .csv, within: .seconds(120)) }
        try await eventually("it is asked for") { try await bench.collection("report_wanted").count() == 1 }
        let courier = try courier()
        defer { courier.end() }
        #expect(try await waiting.value.file?.hasPrefix("r/1/p/csv/") == true)

        var unknown = report
        unknown.uid = "unknown"
        let fault = try await faultOfAsking(for: unknown, as: .pdf)
        #expect(fault.contains("there is no report unknown"), "\(fault)")
    }

    @Test(.timeLimit(.minutes(5))) func fileOfAnOffloadedReportIsNotMade() async throws {
        let report = try await publish()
        let offload: BSONDocument = [
            "archive": "/archive", "at": .date(milliseconds: 1_795_254_795_000), "sha256": "",
        ]
        try await bench.collection("report_results").update(
            ["_id": "r"], with: ["$set": ["offloaded": .document(offload)]])
        let courier = try courier()
        defer { courier.end() }
        let fault = try await faultOfAsking(for: report, as: .csv)
        #expect(fault.contains("since 2026-11-21 they are in the archive /archive"), "\(fault)")
        #expect(fault.hasSuffix("reportctl archive restore r"), "\(fault)")
        #expect(try await bench.collection("report_files.files").count() == 0)
    }

    /// Bytes that are gone or changed, and a document that says something else: nobody gets what wasn't stored.
    @Test(.timeLimit(.minutes(5))) func fileThatIsDamagedIsMadeAgain() async throws {
        let report = try await publish()
        let courier = try courier()
        defer { courier.end() }
        let good = try await bytes(try await asker.file(of: report, as: .csv, within: .seconds(60)))
        let (files, chunks) = (bench.collection("report_files.files"), bench.collection("report_files.chunks"))
        let damages: [@Sendable () async throws -> Void] = [
            { _ = try await chunks.write([.delete(filter: [:])]) },
            {
                let data = BSONBinary(Array(repeating: 88, count: good.count))
                try await chunks.update(["n": 0], with: ["$set": ["data": .binary(data)]])
            },
            { try await files.update(["length": ["$gt": 0]], with: ["$inc": ["length": 1]]) },
            { try await files.update(["length": ["$gt": 0]], with: ["$set": ["metadata.sha256": "0000"]]) },
        ]
        for (number, damage) in damages.enumerated() {
            try await damage()
            let again = try await asker.file(of: report, as: .csv, within: .seconds(60))
            #expect(try await bytes(again) == good, "damage \(number): \(courier.log.suffix(1000))")
            #expect(try await files.count() == 1)
            #expect(try await chunks.count() == 1)
        }
        let lines = courier.log.components(separatedBy: "A file is made again").count - 1
        #expect(lines == damages.count)
    }

    @Test(.timeLimit(.minutes(5))) func layoutThatDoesNotFitIsToldWithEveryFault() async throws {
        let layout = LayoutSpec(columns: [.init(name: "acount"), .init(name: "closing", format: "0.0.0x")])
        let report = try await publish(layout: layout)
        let courier = try courier()
        defer { courier.end() }
        let fault = try await faultOfAsking(for: report, as: .pdf)
        #expect(
            fault.contains("\"acount\" is not among the columns") && fault.contains("spec.report.columns[1].format"),
            "\(fault)")
        #expect(try await bench.collection("report_files.files").count() == 0)
    }

    @Test(.timeLimit(.minutes(5))) func fileOfAStageStandsInPlaceOfAMadeOneIfItIsWhatItSays() async throws {
        let content = Array("%PDF-1.7 by hand".utf8)
        let digest = "4f5dd7d1e5e4b9f1"
        let good = ReportResult.StageFile(name: "good/1/typeset/x", sha256: try sha256(content), size: content.count)
        let bad = ReportResult.StageFile(name: "bad/1/typeset/x", sha256: digest, size: content.count)
        let foreign = ReportResult.StageFile(name: "good/1/typeset/x", sha256: good.sha256, size: content.count)
        for file in [good, bad] {
            try await bench.collection("report_stage_files.chunks").insert([
                "_id": .string("\(file.name)/0"), "files_id": .string(file.name), "n": 0,
                "data": .binary(BSONBinary(content)),
            ])
            try await bench.collection("report_stage_files.files").insert([
                "_id": .string(file.name), "filename": .string(file.name), "length": .int64(Int64(content.count)),
                "chunkSize": 261_120, "uploadDate": .date(milliseconds: 0),
            ])
        }
        let courier = try courier()
        defer { courier.end() }
        let answer = try await asker.file(
            of: try await publish("good", files: ["pdf": good]), as: .pdf, within: .seconds(60))
        #expect(try await bytes(answer) == content)
        for (uid, file, word) in [
            ("bad", bad, "not those that were published"), ("foreign", foreign, "not named as one of report foreign"),
        ] {
            let report = try await publish(uid, files: ["pdf": file])
            let fault = try await faultOfAsking(for: report, as: .pdf)
            #expect(fault.contains("StageFileInvalid") && fault.contains(word), "\(fault)")
            // The other formats are made as always.
            #expect(try await asker.file(of: report, as: .csv, within: .seconds(60)).file != nil)
        }
    }

    @Test(.timeLimit(.minutes(5))) func reportThatLacksRowsIsNotMadeAsIfItWereWhole() async throws {
        let report = try await publish(rows: [[.string("a"), .null], [.string("b"), .null]])
        _ = try await bench.collection("report_results").update(["_id": "r"], with: ["$set": ["rows": 3]])
        let courier = try courier()
        defer { courier.end() }
        for format in OutputFormat.allCases {
            let fault = try await faultOfAsking(for: report, as: format)
            #expect(fault.contains("there are 2 rows, but 3 were published"), "\(format): \(fault)")
        }
        #expect(try await bench.collection("report_files.files").count() == 0)
    }

    @Test(.timeLimit(.minutes(5))) func askingThatCannotBeReadKeepsNobodyElseWaiting() async throws {
        let report = try await publish()
        func insertGarbage(_ id: String) async throws {
            try await bench.collection("report_wanted").insert([
                "_id": .string(id), "reportID": "r", "format": "pdf", "askedAt": .date(milliseconds: 0),
                "isStageFile": "maybe",
            ])
        }
        try await insertGarbage("before")
        let courier = try courier()
        defer { courier.end() }
        #expect(try await asker.file(of: report, as: .csv, within: .seconds(60)).file != nil)
        try await insertGarbage("after")
        #expect(try await asker.file(of: report, as: .json, within: .seconds(60)).file != nil)
    }

    @Test(.timeLimit(.minutes(5))) func fileThatTakesTooMuchIsToldAndTheNextIsMade() async throws {
        let courier = try courier("--render-seconds", "1")
        defer { courier.end() }
        let row: [BSONValue] = [.string(String(repeating: "word ", count: 40)), .null]
        let many = try await publish("many", rows: Array(repeating: row, count: 20_000))
        let fault = try await faultOfAsking(for: many, as: .pdf)
        #expect(fault.contains("more than 1 s of processor time") || fault.contains("longer than 2 s"), "\(fault)")
        let report = try await publish("small")
        // On a busy machine two seconds may be too few for little, too: who is told so asks again.
        try await eventually("the next is made") {
            (try? await asker.file(of: report, as: .csv, within: .seconds(60)))?.file != nil
        }
    }

    private func sha256(_ bytes: [UInt8]) throws -> String {
        let text = try ChildProgram.output(of: ["/usr/bin/sha256sum"], input: Data(bytes))
        return String(decoding: text.prefix(64), as: UTF8.self)
    }
}
