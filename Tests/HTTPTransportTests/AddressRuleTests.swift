import HTTPTransport
import LoopbackSupport
import NetworkAddresses
import Testing

@Suite struct AddressRuleTests {
    private let guarded = HTTPTransport.fixture(HTTPTransportConfiguration(proxy: .none, addressRule: .publicOnly))

    @Test(arguments: ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"])
    func noConnectionIsTriedToThisMachine(host: String) async throws {
        let server = LoopbackListener(isIPv6: host == "[::1]") { connection in
            while connection.readRequest() != nil { connection.respond("secret") }
        }
        defer { server.stop() }
        let error = try #require(await guarded.failure(of: .get("http://\(host):\(server.port)/")))
        #expect(error.code == .addressRefused)
        #expect(error.message.hasSuffix("is a loopback address"))
        #expect(!error.mayHaveReachedServer && !error.isRetryable)
        #expect(server.connectionCount == 0)
    }

    @Test func metadataIsNotAskedFor() async throws {
        let error = try #require(await guarded.failure(of: .get("http://169.254.169.254/latest/meta-data/")))
        #expect(error.code == .addressRefused)
        #expect(error.message == "169.254.169.254 is a link-local address")
    }

    @Test func withoutTheRuleEveryAddressWillDo() async throws {
        let server = LoopbackListener(body: "hello")
        defer { server.stop() }
        #expect(try await HTTPTransport.fixture().send(.get(server.url)).text == "hello")
    }
}
