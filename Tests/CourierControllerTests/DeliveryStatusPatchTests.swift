import Foundation
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import CourierController

struct DeliveryStatusPatchTests {
    /// One that it doesn't name would stay as it was, whatever was decided.
    @Test func itNamesEachField() throws {
        let status = ReportDeliveryStatus()
        let patch = DeliveryStatusPatch(ReportDelivery.fixture("d", to: ["dana@example.com"]), to: status)
        let json = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(patch))
        let named = Set(try #require(json["status"]?.object).keys)
        #expect(named == Set(Mirror(reflecting: status).children.compactMap(\.label)))
    }

    /// Of a trigger, what gateway and operator write stays.
    @Test func ofATriggerItNamesWhatIsOfTicketsAlone() throws {
        let trigger = ReportTrigger(
            metadata: ObjectMeta(name: "stops"),
            spec: ReportTriggerSpec(
                match: .init(labels: [:]), request: .init(pipelineRef: .init(name: "mttr")), tokenSHA256: ""))
        let patch = TicketStatusPatch(trigger, to: ReportTriggerStatus())
        let json = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(patch))
        #expect(json["status"] == .object(["openTickets": .null, "conditions": .null]))
    }
}
