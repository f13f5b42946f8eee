import ClusterSupport
import Digests
import Foundation
import KubernetesModel
import Logging
import MongoClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// Deliveries from the resource to the file, by a courier as a program.
@Suite(.timeLimit(.minutes(5))) struct DeliveryTests {
    @Test func aReportReachesAFolderAndTheLedgerHoldsIt() async throws {
        try await DeliveryBed.run("folder") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createFolder()
            let report = try await bed.record()
            try await bed.deliver("first", "{reportID: \(report), channel: files, formats: [pdf, xlsx]}")
            let done = try await bed.waitForEnd(of: "first")
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "") \(courier.log.suffix(2000))")
            #expect(done.status?.sent == "1/1")
            #expect(done.status?.pinned?.attempt == 2)
            #expect(done.status?.files?.map(\.format) == ["pdf", "xlsx"])
            let files = try bed.files()
            #expect(files.count == 2, "\(files)")
            #expect(files.allSatisfy { $0.hasPrefix("\(bed.namespace)/\(report)/") })
            let copies = try await bed.copies(ofReport: report)
            #expect(copies.map(\.phase) == [.sent])
            #expect(copies.first?.tries == 1)
            let channel = try await bed.cluster.wait(
                for: ReportChannel.self, "files", in: bed.courierNamespace, "is Ready"
            ) { $0?.status?.ready?.status == "True" }
            #expect(channel != nil)
        }
    }

    /// Nobody gets bytes that aren't the file's, and nothing is refused for ever.
    @Test func aDamagedFileIsMadeAgainForTheNextDelivery() async throws {
        try await DeliveryBed.run("damaged") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createFolder()
            let report = try await bed.record()
            try await bed.deliver("first", "{reportID: \(report), channel: files, formats: [csv]}")
            let first = try await bed.waitForEnd(of: "first")
            let good = try #require(first.status?.files?.first?.sha256)
            let client = MongoClient(
                try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
            let chunks = client.collection("report_files.chunks", in: bed.outside.records.database)
            try await chunks.update(["n": 0], with: ["$set": ["data": .binary(BSONBinary([88, 88, 88]))]])
            try await bed.deliver("second", "{reportID: \(report), channel: files, formats: [csv]}")
            let second = try await bed.waitForEnd(of: "second")
            #expect(second.status?.phase == .delivered, "\(second.status?.message ?? "") \(courier.log.suffix(2000))")
            let path = try #require(try bed.files().first)
            #expect(SHA256.of(try Data(contentsOf: bed.folder.appending(path: path))) == good)
            #expect(second.status?.files?.first?.sha256 == good)
        }
    }

    /// As from a backup, or from an exported manifest.
    @Test func aDeliveryThatComesBackSendsNothingAgain() async throws {
        try await DeliveryBed.run("comes-back") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createFolder()
            let report = try await bed.record()
            try await bed.deliver("d", "{reportID: \(report), channel: files, formats: [csv]}")
            let first = try await bed.waitForEnd(of: "d")
            #expect(first.status?.phase == .delivered)
            let labels = first.metadata.labels.map { "\($0): \"\($1)\"" }.joined(separator: ", ")
            try await bed.cluster.kubectl("delete", "rd", "-n", bed.namespace, "d")
            try await bed.cluster.apply(
                """
                apiVersion: reports.ers.dev/v1
                kind: ReportDelivery
                metadata: {name: d, labels: {\(labels)}}
                spec: {reportID: \(report), channel: files, formats: [csv]}
                """, in: bed.namespace)
            let second = try await bed.waitForEnd(of: "d")
            #expect(second.metadata.uid != first.metadata.uid)
            #expect(second.status?.phase == .failed && second.status?.conditions?.first?.reason == Reason.restored)
            #expect(try await bed.copies(ofReport: report).map(\.tries) == [1])
        }
    }

    @Test func whatCannotBeDeliveredSaysWhy() async throws {
        try await DeliveryBed.run("refused") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createFolder()
            let (failed, empty) = (try await bed.record(succeeds: false), try await bed.record(rows: 0))
            try await bed.deliver("failed", "{reportID: \(failed), channel: files}")
            try await bed.deliver("empty", "{reportID: \(empty), channel: files, unless: Empty}")
            try await bed.deliver("nowhere", "{reportID: \(empty), channel: nowhere}")
            try await bed.deliver("unknown", "{reportID: unknown, channel: files}")
            let refused = try await bed.waitForEnd(of: "failed")
            #expect(refused.status?.phase == .failed)
            #expect(refused.status?.message?.contains("nothing to send: the report Failed") == true)
            let none = try await bed.waitForEnd(of: "empty")
            #expect(none.status?.phase == .delivered)
            #expect(none.status?.message == "nothing was sent: the report has no rows, and unless is Empty")
            try await bed.wait(for: "nowhere", "its channel is missing") {
                $0.status?.message?.contains("there is no channel \"nowhere\"") == true
            }
            try await bed.wait(for: "unknown", "its report is missing") {
                $0.status?.message?.contains("there is no report \"unknown\"") == true
            }
            // Who creates the channel later is served.
            try await bed.createFolder("nowhere")
            let late = try await bed.waitForEnd(of: "nowhere")
            #expect(late.status?.phase == .delivered, "\(late.status?.message ?? "")")
        }
    }
}
