import Logging
import ReportStores
import Testing

/// Addresses that can't be used say so before anything is connected, and quote no password.
struct AddressFaultTests {
    private let logger = Logger(label: "tests")

    @Test(arguments: ["", "mysql://u:secret@h", "mongodb://"]) func ofMongoDB(address: String) {
        let fault = #expect(throws: AddressFault.self) {
            _ = try ReportStore(address: address, applicationName: "tests", logger: logger)
        }
        #expect(fault?.description.isEmpty == false && fault?.description.contains("secret") == false)
    }

    @Test(arguments: ["", "http://u:secret@h", "redis://h:x"]) func ofRedis(address: String) {
        let fault = #expect(throws: AddressFault.self) { _ = try RedisView(address: address, logger: logger) }
        #expect(fault?.description.isEmpty == false && fault?.description.contains("secret") == false)
    }
}
