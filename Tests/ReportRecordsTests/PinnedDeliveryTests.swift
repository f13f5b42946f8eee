import Foundation
import ReportAPI
import ReportRecords
import Testing

@Suite struct PinnedDeliveryTests {
    /// Names that MongoDB refuses, or means something else by, don't stand as keys.
    @Test(arguments: [("plant", false), ("a.b", false), ("$where", true), ("", true), ("a\0b", true)])
    func isKeptAsItIs(column: String, isText: Bool) throws {
        let pin = PinnedDelivery(
            DeliverSpec(channel: "mail", to: ["dana@example.com"], when: .always, only: [column: "north"], text: "Hi"))
        let data = try JSONEncoder().encode(pin)
        #expect(try JSONDecoder().decode(PinnedDelivery.self, from: data) == pin)
        let keys = try JSONDecoder().decode([String: Whatever].self, from: data).keys
        #expect(keys.contains("json") == isText && keys.contains("channel") == !isText)
    }

    private struct Whatever: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}
