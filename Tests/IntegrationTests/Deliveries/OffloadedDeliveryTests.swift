import ClusterSupport
import Foundation
import KubernetesModel
import Logging
import MongoClient
import ReportAPI
import ReportStores
import ServiceSupport
import Testing

/// A report that went into the archive, and is sent again.
@Suite(.timeLimit(.minutes(5))) struct OffloadedDeliveryTests {
    @Test func itComesBackWhereTheCourierHasTheArchiveAndElseItIsSaidWhereItIs() async throws {
        try await DeliveryBed.run("offloaded-delivery") { bed in
            let client = MongoClient(
                try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
            let archive = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: archive) }
            try await bed.createFolder()
            let id = try await bed.record(rows: 3)
            try await bed.outside.offload(id, to: archive, client)
            let spec = "{reportID: \(id), channel: files, formats: [csv, json]}"

            let without = try bed.courier()
            defer { without.end() }
            try await bed.waitUntilChannelsWork()
            try await bed.deliver("first", spec)
            let refused = try await bed.waitForEnd(of: "first")
            #expect(refused.status?.conditions?.first?.reason == Reason.offloaded)
            #expect(refused.status?.message?.contains("reportctl archive restore \(id)") == true)
            #expect(try bed.files().isEmpty)
            without.end()

            let courier = try bed.courier("--archive", archive.path)
            defer { courier.end() }
            try await bed.deliver("second", spec)
            let done = try await bed.waitForEnd(of: "second")
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "") \(courier.log.suffix(2000))")
            #expect(try bed.files().count == 2)
            let marked = try await client.collection("report_results", in: bed.outside.records.database)
                .count(["_id": .string(id), "offloaded": ["$exists": true]])
            #expect(marked == 0)
        }
    }
}
