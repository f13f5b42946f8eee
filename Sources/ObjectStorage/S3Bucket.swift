package import AsyncSupport
import Digests
import FoundationEssentials
import Glibc
import HTTPTransport
package import Logging

/// A part of a bucket, with what an archive needs of S3: whole objects, and a list.
///
/// What passes by itself (no connection, 500, 503, 429) is tried again for some minutes.
package final class S3Bucket: Sendable {
    package let location: S3Location
    private let configuration: S3Configuration
    private let transport: HTTPTransport
    private let backoff: Backoff
    /// Called before each try; what it throws ends the work there, as a crash would. For tests.
    private let onRequest: (@Sendable (String) throws -> Void)?

    private static let tries = 9
    /// More than that S3 takes in parts alone.
    package static let largest = 5 << 30

    package init(
        _ location: S3Location, _ configuration: S3Configuration,
        backoff: Backoff = Backoff(first: .milliseconds(200), longest: .seconds(30)), logger: Logger,
        onRequest: (@Sendable (String) throws -> Void)? = nil
    ) {
        self.location = location
        self.configuration = configuration
        self.backoff = backoff
        self.onRequest = onRequest
        var options = HTTPTransportConfiguration(
            certificateAuthority: configuration.authority.map { .file($0) }, maxIdleConnections: 32)
        options.verifiesServer = true
        transport = HTTPTransport(configuration: options, logger: logger)
    }

    deinit { transport.shutdown() }

    /// What a write needs to find.
    package enum Condition: Sendable, Hashable {
        case any
        /// No object of that name.
        case absent
        /// The object that has this tag.
        case tag(String)
    }

    /// An object of a list.
    package struct Listed: Sendable, Hashable {
        /// Below the location.
        package let name: String
        /// When it was written, in seconds since 1970.
        package let at: Int64
    }

    /// Writes an object into a file; returns its tag, or nil where there is none.
    package func get(_ name: String, into descriptor: CInt) async throws -> String? {
        try await repeating(.get, name) { request in
            let response = try await self.transport.stream(request)
            guard response.status == 200 else {
                let trouble = try await self.refusal(response, name)
                return trouble.isAbsence ? .success(nil) : .failure(trouble)
            }
            guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
                throw S3Trouble("\(name): the folder for temporary files can't be written")
            }
            for try await piece in response.body { try Self.write(piece, to: descriptor, name) }
            return .success(response.headers["ETag"] ?? "")
        }
    }

    /// Writes a file as an object. False where the condition doesn't hold.
    package func put(
        _ name: String, file path: String, size: Int, sha256: String, if condition: Condition = .any
    ) async throws -> Bool {
        guard size <= Self.largest else {
            throw S3Trouble("\(location)/\(name): has \(size) bytes; an object may have 5 GiB at most")
        }
        var headers: HTTPHeaders = [:]
        switch condition {
        case .any: break
        case .absent: headers["If-None-Match"] = "*"
        case .tag(let tag): headers["If-Match"] = tag
        }
        var isMine: (() async throws -> Bool)?
        if condition != .any { isMine = { try await self.digest(of: name) == sha256 } }
        let body = HTTPBodySegment.file(path: path, size: size)
        let done = try await repeating(.put, name, headers: headers, sha256: sha256, body: body, isMine: isMine) {
            request in try await self.put(request, name)
        }
        return done != nil
    }

    /// One try; nil where the condition doesn't hold.
    private func put(_ request: HTTPRequest, _ name: String) async throws -> Answer {
        let response = try await transport.stream(request)
        switch response.status {
        case 200:
            for try await _ in response.body {}
            return .success("")
        case 409, 412:
            for try await _ in response.body {}
            return .success(nil)
        default: return .failure(try await refusal(response, name))
        }
    }

    /// Removes an object, if there is one.
    package func remove(_ name: String) async throws {
        _ = try await repeating(.delete, name) { request in
            let response = try await self.transport.stream(request)
            guard [200, 204].contains(response.status) else {
                let trouble = try await self.refusal(response, name)
                return trouble.isAbsence ? .success("") : .failure(trouble)
            }
            for try await _ in response.body {}
            return .success("")
        }
    }

    /// All objects of the location, page by page.
    package func list(_ body: (Listed) async throws -> Void) async throws {
        var next: String?
        let prefix = location.prefix.isEmpty ? "" : location.prefix + "/"
        repeat {
            var query = [("list-type", "2"), ("prefix", prefix), ("max-keys", "1000")]
            if let next { query.append(("continuation-token", next)) }
            let page = try await repeating(.get, nil, query: query) { request in
                let response = try await self.transport.send(request)
                guard response.status == 200 else {
                    return .failure(Self.refusal(response.status, response.body, "\(self.location)"))
                }
                return .success(String(decoding: response.body, as: UTF8.self))
            }
            guard let page else { return }
            for object in S3Answer.all("Contents", in: page) {
                guard let key = S3Answer.text("Key", in: object), key.hasPrefix(prefix) else { continue }
                let at = S3Answer.text("LastModified", in: object).flatMap(S3Answer.seconds)
                try await body(Listed(name: String(key.dropFirst(prefix.count)), at: at ?? .max))
            }
            next =
                S3Answer.text("IsTruncated", in: page) == "true"
                ? S3Answer.text("NextContinuationToken", in: page) : nil
        } while next != nil
    }

    private func digest(of name: String) async throws -> String? {
        try await repeating(.get, name) { request in
            let response = try await self.transport.stream(request)
            guard response.status == 200 else { return .failure(try await self.refusal(response, name)) }
            var digest = SHA256()
            for try await piece in response.body { digest.update(piece) }
            return .success(digest.finish())
        }
    }

    private static func write(_ piece: Data, to descriptor: CInt, _ name: String) throws {
        let bytes = Array(piece)
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress.map { $0 + start }, raw.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw S3Trouble("\(name): the folder for temporary files is full, or can't be written")
            }
            start += count
        }
    }

    /// What one try came to: an answer, nil where there is no such object, or why not.
    private enum Answer {
        case success(String?)
        case failure(S3Trouble)
    }

    /// `isMine`: whether what is there is what a try before has written whose answer was lost.
    private func repeating(
        _ method: HTTPMethod, _ name: String?, query: [(String, String)] = [], headers: HTTPHeaders = [:],
        sha256: String = S3Signature.nothing, body: HTTPBodySegment? = nil,
        isMine: (() async throws -> Bool)? = nil, _ send: (HTTPRequest) async throws -> Answer
    ) async throws -> String? {
        var delays = backoff.delays
        var isUncertain = false
        var last = S3Trouble("\(location): doesn't answer", isPassing: true)
        for count in 1...Self.tries {
            try onRequest?("\(method.rawValue) \(name ?? "")")
            let request = request(method, name, query, headers, sha256, body)
            do {
                switch try await send(request) {
                case .success(nil):
                    // An answer that was lost may have been that it is written.
                    if isUncertain, let isMine, try await isMine() { return "" }
                    return nil
                case .success(let text): return text
                case .failure(let trouble):
                    guard trouble.isPassing else { throw trouble }
                    last = trouble
                    isUncertain = true
                }
            } catch let error as HTTPError {
                guard error.isRetryable else {
                    if error.code == .cancelled { throw CancellationError() }
                    throw S3Trouble("\(location): \(error.message)")
                }
                last = S3Trouble("\(location): \(error.message)", isPassing: true)
                isUncertain = isUncertain || error.mayHaveReachedServer
            }
            if count < Self.tries { try await Task.sleep(for: delays.next()) }
        }
        throw last
    }

    private func request(
        _ method: HTTPMethod, _ name: String?, _ query: [(String, String)], _ headers: HTTPHeaders, _ sha256: String,
        _ body: HTTPBodySegment?
    ) -> HTTPRequest {
        var (base, path) = ("https://s3.\(configuration.region).amazonaws.com", "/\(location.bucket)/")
        if let endpoint = configuration.endpoint {
            base = endpoint
        } else if !location.bucket.contains(".") {
            (base, path) = ("https://\(location.bucket).s3.\(configuration.region).amazonaws.com", "/")
        }
        if let name { path += location.key(name) }
        let host = base.split(separator: "/").last.map(String.init) ?? ""
        var headers = headers
        let now = Int64(Date().timeIntervalSince1970)
        S3Signature(configuration: configuration, now: now)
            .sign(method, host: host, path: path, query: query, headers: &headers, sha256: sha256)
        let words = S3Signature.query(query)
        var request = HTTPRequest(
            method: method,
            url: base + S3Signature.encoded(path, keepingSlashes: true) + (words.isEmpty ? "" : "?\(words)"),
            headers: headers,
            timeouts: HTTPTimeouts(connect: .seconds(15), firstByte: .seconds(60), idle: .seconds(60)))
        if let body { request.bodySegments = [body] }
        return request
    }

    private func refusal(_ response: HTTPStreamingResponse, _ name: String) async throws -> S3Trouble {
        var body = Data()
        for try await piece in response.body where body.count < 64 << 10 { body.append(piece) }
        return Self.refusal(response.status, body, "\(location)/\(name)")
    }

    private static func refusal(_ status: Int, _ body: Data, _ place: String) -> S3Trouble {
        let text = String(decoding: body, as: UTF8.self)
        let words = [S3Answer.text("Code", in: text), S3Answer.text("Message", in: text)].compactMap(\.self)
        let why = words.isEmpty ? "HTTP \(status)" : words.joined(separator: ": ")
        return S3Trouble(
            "\(place): \(why)", isPassing: [429, 500, 502, 503, 504].contains(status),
            isAbsence: words.first == "NoSuchKey")
    }
}

/// What S3 answers, in its XML.
enum S3Answer {
    /// What is between the first of these tags.
    static func text(_ tag: String, in xml: some StringProtocol) -> String? {
        guard let start = xml.firstRange(of: "<\(tag)>"),
            let end = xml[start.upperBound...].firstRange(of: "</\(tag)>")
        else { return nil }
        var text = String(xml[start.upperBound..<end.lowerBound])
        for (name, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&amp;", "&")] {
            text = text.replacing(name, with: sign)
        }
        return text
    }

    static func all(_ tag: String, in xml: String) -> [Substring] {
        var rest = xml[...]
        var all: [Substring] = []
        while let start = rest.firstRange(of: "<\(tag)>"),
            let end = rest[start.upperBound...].firstRange(of: "</\(tag)>")
        {
            all.append(rest[start.upperBound..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
        return all
    }

    /// Of `2026-11-29T18:30:00.000Z`.
    static func seconds(_ text: String) -> Int64? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        return (try? style.parse(text)).map { Int64($0.timeIntervalSince1970) }
    }
}
