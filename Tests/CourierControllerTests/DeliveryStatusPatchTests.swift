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
}
