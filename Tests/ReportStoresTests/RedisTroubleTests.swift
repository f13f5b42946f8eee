import Logging
import RedisClient
import Testing

@testable import ReportStores

/// What the operator makes of Redis' errors, whose codes it doesn't know.
struct RedisTroubleTests {
    @Test(
        arguments: [
            (.server(code: "WRONGTYPE"), true, false), (.unexpectedReply, true, false), (.cancelled, false, true),
            (.unreachable, false, false), (.notPermitted, false, false),
        ] as [(RedisError.Code, Bool, Bool)])
    func whatItConcernsIsKnown(code: RedisError.Code, concernsOneKey: Bool, isCancelled: Bool) {
        let trouble = RedisTrouble(RedisError(code, "m"))
        #expect(trouble.concernsOneKey == concernsOneKey && trouble.isCancelled == isCancelled)
        #expect(trouble.description == "m" && trouble.kind == "\(code)")
    }

    @Test func anAddressIsShownWithoutItsPassword() throws {
        let server = try RedisServer(address: "redis://me:secret@host", logger: .init(label: "tests"))
        #expect(!server.sanitizedAddress.contains("secret") && server.sanitizedAddress.contains("host"))
        #expect(throws: AddressFault.self) { try RedisServer(address: "http://host", logger: .init(label: "tests")) }
    }
}
