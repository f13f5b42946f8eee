import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import GatewayServer

/// What is shown to somebody on her way.
@Suite struct SignInPagesTests {
    private final class Collected: ResponseBodyWriter {
        var text = ""
        func write(_ buffer: ByteBuffer) async throws { text += String(buffer: buffer) }
        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    private func text(of response: Response) async throws -> String {
        let collected = Collected()
        try await response.body.write(collected)
        return collected.text
    }

    @Test func whatHasBeenSaidIsNoMarkup() async throws {
        let response = SignInPages(basePath: "/r/").refusal("<script>\"&", 400, cookies: ["a=b"])
        #expect(response.status.code == 400 && response.headers[.setCookie] == "a=b")
        let text = try await text(of: response)
        #expect(text.contains("<p>&lt;script&gt;&quot;&amp;</p>") && text.contains("href=\"/r/auth/sign-in\""))
    }

    /// In the page's body, and not in its address; the only script is a file of ours.
    @Test func aSessionIsHandedOverByAPageOfOurs() async throws {
        let response = SignInPages(basePath: "/r/").handOver("token\"", cookies: [])
        #expect(response.headers[.location] == nil && response.headers[.cacheControl] == "no-store")
        let text = try await text(of: response)
        #expect(text.contains("<body data-token=\"token&quot;\">"))
        #expect(text.contains("<script src=\"/r/auth/hand-over.js\"></script>"))
        let script = try await self.text(of: SignInPages(basePath: "/r/").scriptFile())
        #expect(script.contains("location.origin)"), "no other origin is told")
    }
}
