import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import GatewayServer

struct PageFilesTests {
    @Test(arguments: ["", "runs", "history/some", "../secret", "assets/../../secret", "%2e%2e/secret", "index.html"])
    func everyPathOfThePagesOwnGetsThePage(path: String) async throws {
        try await Self.withPage { page in
            guard !path.hasPrefix("assets/") else {
                #expect(page.response(to: path, Self.request()) == nil)
                return
            }
            let response = try #require(page.response(to: path, Self.request()))
            #expect(response.headers[.contentType] == "text/html; charset=utf-8")
            #expect(response.headers[.cacheControl] == "no-cache")
            #expect(try await Self.text(response).contains("<base href=\"/reports/\">"))
        }
    }

    @Test(arguments: ["assets/none.js", "api/v2", "auth/none"])
    func whatIsNoPageOfOursIsNone(path: String) async throws {
        try await Self.withPage { #expect($0.response(to: path, Self.request()) == nil) }
    }

    @Test(arguments: [
        ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("*", "br"), ("GZIP;q=0.5", "gzip"),
        ("", nil), ("identity", nil), ("gzip;q=0", nil), ("vibrant", nil), ("*, br;q=0", "gzip"),
    ])
    func theSmallestThatIsTaken(accepted: String, coding: String?) async throws {
        try await Self.withPage { page in
            let response = try #require(
                page.response(to: "assets/app-1.js", Self.request([.acceptEncoding: accepted])))
            #expect(response.headers[.contentEncoding] == coding)
            #expect(response.headers[.vary] == "Accept-Encoding")
            #expect(response.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(response.headers[.contentType] == "text/javascript; charset=utf-8")
            #expect(try await Self.text(response) == coding ?? "plain")
        }
    }

    @Test func whoHasItGetsItNotAgain() async throws {
        try await Self.withPage { page in
            let first = try #require(page.response(to: "", Self.request()))
            let tag = try #require(first.headers[.eTag])
            let again = try #require(page.response(to: "", Self.request([.ifNoneMatch: tag])))
            #expect(again.status == .notModified)
            // Elsewhere it is another page.
            try await Self.withPage(basePath: "/") { other in
                #expect(other.response(to: "", Self.request([.ifNoneMatch: tag]))?.status == .ok)
            }
        }
    }

    @Test func aFolderWithoutAPageIsSaid() throws {
        #expect(throws: PageFiles.Unusable.self) { try PageFiles(folder: "/nowhere", basePath: "/") }
    }

    // MARK: -

    private static func withPage(basePath: String = "/reports/", _ body: (PageFiles) async throws -> Void) async throws
    {
        let above = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID().uuidString)")
        let folder = above.appending(path: "page")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "assets"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: above) }
        let files = [
            "../secret": "secret", "index.html": "<head><base href=\"/\"></head>", "assets/app-1.js": "plain",
            "assets/app-1.js.gz": "gzip", "assets/app-1.js.br": "br",
        ]
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try await body(PageFiles(folder: folder.path, basePath: basePath))
    }

    private static func request(_ headers: HTTPFields = [:]) -> Request {
        Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
    }

    private static func text(_ response: Response) async throws -> String {
        let body = WrittenBody()
        try await response.body.write(body)
        return String(buffer: body.buffer)
    }
}

/// A class, since who writes is given away.
private final class WrittenBody: ResponseBodyWriter {
    private(set) var buffer = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws { self.buffer.writeImmutableBuffer(buffer) }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
