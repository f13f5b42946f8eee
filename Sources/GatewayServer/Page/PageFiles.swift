internal import FoundationEssentials
internal import GatewayAPI
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The page's files, as the build has made them: kept in memory, compressed beforehand.
package struct PageFiles: Sendable {
    private struct File: Sendable {
        var plain: ByteBuffer
        var gzip: ByteBuffer?
        var brotli: ByteBuffer?
        let type: String
        let tag: String
    }

    /// By their paths in the folder, such as `assets/app-3f2a.js`.
    private let files: [String: File]
    /// `index.html` with the path that everything is served under.
    private let index: File?

    /// No page: for programs alone.
    package static let none = PageFiles(files: [:], index: nil)

    private init(files: [String: File], index: File?) {
        self.files = files
        self.index = index
    }

    /// Why a folder holds no page.
    package struct Unusable: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// `basePath`: what everything is served under, from slash to slash, such as `/` or `/reports/`.
    package init(folder: String, basePath: String) throws(Unusable) {
        let paths: [String]
        do {
            paths = try FileManager.default.subpathsOfDirectory(atPath: folder)
        } catch {
            throw Unusable(description: "\(folder) is not a folder that can be read")
        }
        var files: [String: File] = [:]
        for path in paths where !path.hasSuffix(".gz") && !path.hasSuffix(".br") {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else { continue }
            let other = { (ending: String) in
                FileManager.default.contents(atPath: "\(folder)/\(path)\(ending)").map { ByteBuffer(bytes: $0) }
            }
            files[path] = File(
                plain: ByteBuffer(bytes: data), gzip: other(".gz"), brotli: other(".br"), type: Self.type(of: path),
                tag: Self.tag(of: data))
        }
        guard var index = files.removeValue(forKey: "index.html") else {
            throw Unusable(description: "\(folder) has no index.html: build it with hack/lib/page/build")
        }
        let html = String(buffer: index.plain)
        let parts = html.split(separator: "<base href=\"/\"", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw Unusable(description: "\(folder)/index.html has no <base href=\"/\">")
        }
        let text = String(parts[0]) + "<base href=\"\(basePath)\"" + parts[1]
        index = File(
            plain: ByteBuffer(string: text), gzip: nil, brotli: nil, type: index.type,
            tag: Self.tag(of: Data(text.utf8)))
        self.files = files
        self.index = index
    }

    /// `path`: after the base path. A path of the page's own, which no file has, gets the page; nil: there is nothing.
    func response(to path: String, _ request: Request) -> Response? {
        if let file = files[path] {
            // Names under assets/ change with what they hold.
            return response(file, request, isForEver: path.hasPrefix("assets/"))
        }
        guard let index, !path.hasPrefix("assets/"), !path.hasPrefix("api/"), !path.hasPrefix("auth/") else {
            return nil
        }
        return response(index, request, isForEver: false)
    }

    private func response(_ file: File, _ request: Request, isForEver: Bool) -> Response {
        var headers: HTTPFields = [
            .contentType: file.type, .eTag: "\"\(file.tag)\"",
            .cacheControl: isForEver ? "public, max-age=31536000, immutable" : "no-cache",
            .vary: "Accept-Encoding",
        ]
        if request.headers[.ifNoneMatch]?.contains("\"\(file.tag)\"") == true {
            return Response(status: .notModified, headers: headers)
        }
        let accepted = AcceptedCodings(request.headers[values: .acceptEncoding])
        var body = file.plain
        if let brotli = file.brotli, accepted.has("br") {
            (body, headers[.contentEncoding]) = (brotli, "br")
        } else if let gzip = file.gzip, accepted.has("gzip") {
            (body, headers[.contentEncoding]) = (gzip, "gzip")
        }
        if request.method == .head { return Response(status: .ok, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    private static func type(of path: String) -> String {
        let types = [
            "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
            "css": "text/css; charset=utf-8", "svg": "image/svg+xml", "json": "application/json",
            "txt": "text/plain; charset=utf-8", "png": "image/png", "map": "application/json",
        ]
        return types[path.split(separator: ".").last.map(String.init) ?? ""] ?? "application/octet-stream"
    }

    /// A fingerprint: who changes a file on purpose so that it stays the same deceives herself alone.
    private static func tag(of data: Data) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in data { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16) + "-" + String(data.count, radix: 16)
    }
}
