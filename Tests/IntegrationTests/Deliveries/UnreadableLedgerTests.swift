import ClusterSupport
import DeliveryPlanning
import Foundation
import KubernetesModel
import Logging
import MongoClient
import ReportAPI
import ReportStores
import ServiceSupport
import Testing

/// A document of the ledger that somebody has edited, on a real API server and MongoDB.
@Suite(.timeLimit(.minutes(5))) struct UnreadableLedgerTests {
    @Test func itHoldsItsDeliveryUntilItIsMendedOrTheDeliveryIsDeleted() async throws {
        try await DeliveryBed.run("unreadable-ledger") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createFolder()
            let list = Array(repeating: DeliverSpec(channel: "files", formats: ["csv"], when: .succeeded), count: 3)
            let report = try await bed.record(deliveries: list)
            let client = MongoClient(
                try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
            let ledger = client.collection("report_deliveries", in: bed.outside.records.database)
            func edit(_ place: Int) async throws {
                try await ledger.insert([
                    "_id": .string("\(report)/2/\(place)/files"), "delivery": .string("\(report)/2/\(place)"),
                    "reportID": .string(report), "phase": "Sentt",
                ])
            }
            func create(_ place: Int) async throws -> String {
                let own = OperatorDelivery(reportID: report, attempt: 2, place: place)
                let labels = own.labels.map { "\($0): \"\($1)\"" }.joined(separator: ", ")
                let name = "tb-delivery-2-\(place)-\(own.fingerprint)"
                try await bed.cluster.apply(
                    """
                    apiVersion: reports.ers.dev/v1
                    kind: ReportDelivery
                    metadata: {name: \(name), labels: {\(labels)}}
                    spec: {reportID: \(report), attempt: 2, channel: files, formats: [csv], when: Succeeded}
                    """, in: bed.namespace)
                return name
            }
            for place in 0...1 { try await edit(place) }
            let (mended, deleted, other) = (try await create(0), try await create(1), try await create(2))
            for (place, name) in [mended, deleted].enumerated() {
                let stuck = try await bed.wait(for: name, "says what is wrong") {
                    $0.status?.conditions?.first?.reason == Reason.ledgerUnreadable
                }
                let message = try #require(stuck.status?.message)
                #expect(message.contains("\"\(report)/2/\(place)/files\""), "\(message)")
                #expect(message.contains("mend the field"), "\(message)")
            }
            // Nobody else is held up.
            #expect(try await bed.waitForEnd(of: other).status?.phase == .delivered, "\(courier.log.suffix(2000))")
            #expect(try await ledger.count(["phase": "Sent"]) == 1)
            try await bed.cluster.kubectl("delete", "rd", deleted, "-n", bed.namespace, "--timeout=60s")
            _ = try await ledger.write([.delete(filter: ["_id": .string("\(report)/2/0/files")])])
            let done = try await bed.waitForEnd(of: mended, within: .seconds(90))
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "")")
            #expect(try await ledger.count(["phase": "Sent"]) == 2)
        }
    }
}
