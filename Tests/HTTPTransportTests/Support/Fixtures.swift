import FoundationEssentials
import HTTPTransport
import Logging
import LoopbackSupport

extension LoopbackListener {
    /// Answers every request with 200 and that body, and keeps the connection.
    convenience init(body: String) {
        self.init { connection in
            while connection.readRequest() != nil { connection.respond(body) }
        }
    }

    var url: String { "\(address)/" }
}

extension HTTPTransport {
    /// A transport that goes through no proxy.
    static func fixture(
        _ configuration: HTTPTransportConfiguration = HTTPTransportConfiguration(proxy: .none)
    ) -> HTTPTransport {
        HTTPTransport(configuration: configuration, logger: Logger(label: "test"))
    }

    /// Sends a request that is to fail.
    func failure(of request: HTTPRequest) async -> HTTPError? {
        do {
            _ = try await send(request)
            return nil
        } catch {
            return error
        }
    }
}

extension HTTPRequest {
    static func get(_ url: String, timeouts: HTTPTimeouts = .fixture) -> HTTPRequest {
        HTTPRequest(url: url, timeouts: timeouts)
    }

    static func post(_ url: String, _ body: String) -> HTTPRequest {
        HTTPRequest(method: .post, url: url, body: Data(body.utf8), timeouts: .fixture)
    }
}

extension HTTPTimeouts {
    /// Keeps a failing test from hanging.
    static let fixture = HTTPTimeouts(connect: .seconds(60), total: .seconds(60))
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension HTTPBody {
    /// Everything, and the error that ended it.
    func collect() async -> (text: String, chunks: Int, error: HTTPError?) {
        var data = Data()
        var chunks = 0
        var iterator = makeAsyncIterator()
        do {
            while let chunk = try await iterator.next() {
                data.append(chunk)
                chunks += 1
            }
            return (String(decoding: data, as: UTF8.self), chunks, nil)
        } catch {
            return (String(decoding: data, as: UTF8.self), chunks, error)
        }
    }
}

enum GzipSamples {
    /// "hello, hello, hello, hello", compressed.
    static let hello = Data([
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xD7,
        0x51, 0xC8, 0xC0, 0xA4, 0x00, 0x55, 0xA3, 0x82, 0x77, 0x1A, 0x00, 0x00, 0x00,
    ])
}
