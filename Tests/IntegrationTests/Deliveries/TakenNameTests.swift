import ClusterSupport
import DeliveryPlanning
import Foundation
import KubernetesModel
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// A delivery with the name and the labels of a run's own, on a real API server and MongoDB.
@Suite(.timeLimit(.minutes(5))) struct TakenNameTests {
    @Test func onlyWhatWasPinnedWithTheRunGoesOutUnderItsName() async throws {
        try await DeliveryBed.run("taken-name") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createFolder()
            // Names of columns that MongoDB has no plain form for are kept too.
            let list = [
                DeliverSpec(channel: "files", formats: ["csv"], when: .succeeded),
                DeliverSpec(channel: "files", formats: ["csv"], when: .succeeded, only: ["$account": "Assets:1"]),
            ]
            let report = try await bed.record(deliveries: list)
            func create(_ place: Int, _ more: String) async throws -> String {
                let own = OperatorDelivery(reportID: report, attempt: 2, place: place)
                let labels = own.labels.map { "\($0): \"\($1)\"" }.joined(separator: ", ")
                let name = "tb-delivery-2-\(place)-\(own.fingerprint)"
                try await bed.cluster.apply(
                    """
                    apiVersion: reports.ers.dev/v1
                    kind: ReportDelivery
                    metadata: {name: \(name), labels: {\(labels)}}
                    spec: {reportID: \(report), attempt: 2, channel: files, when: Succeeded, \(more)}
                    """, in: bed.namespace)
                return name
            }
            let forged = try await create(1, "formats: [xlsx]")
            let refused = try await bed.waitForEnd(of: forged)
            #expect(refused.status?.phase == .failed, "\(courier.log.suffix(2000))")
            #expect(refused.status?.conditions?.first?.reason == Reason.nameTaken)
            #expect(refused.status?.message?.contains("spec.formats, spec.only") == true)
            #expect(try await bed.copies(ofReport: report).isEmpty)
            #expect(try bed.files() == [])
            let genuine = try await create(0, "formats: [csv]")
            let done = try await bed.waitForEnd(of: genuine)
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "") \(courier.log.suffix(2000))")
            let copies = try await bed.copies(ofReport: report)
            #expect(copies.map(\.delivery) == ["\(report)/2/0"])
        }
    }
}
