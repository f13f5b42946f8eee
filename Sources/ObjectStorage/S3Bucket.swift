package import AsyncSupport
import Digests
import FoundationEssentials
import Glibc
import HTTPTransport
package import Logging

/// A part of a bucket, with what an archive needs of S3: objects of any length, and a list.
///
/// What passes by itself (no connection, 500, 503, 429) is tried again for some minutes.
package final class S3Bucket: Sendable {
    package let location: S3Location
    let configuration: S3Configuration
    let sizes: Sizes
    let transport: HTTPTransport
    let backoff: Backoff
    /// Called before each try; what it throws ends the work there, as a crash would. For tests.
    let onRequest: (@Sendable (String) throws -> Void)?

    /// How much goes out or comes in with one request, in bytes.
    package struct Sizes: Sendable {
        /// Anything longer is sent, and fetched, in parts of this size.
        package var part = 8 << 20
        /// What is written under a condition goes whole up to here: more servers obey one of a `PUT` than one of parts.
        package var whole = 5 << 30

        package init() {}

        /// S3 takes no more parts, and no longer object.
        private static let mostParts = 10_000
        package static let largest = 5 << 40

        /// Of an object of that length.
        func part(of size: Int) -> Int { max(part, (size + Self.mostParts - 1) / Self.mostParts) }
    }

    package init(
        _ location: S3Location, _ configuration: S3Configuration, sizes: Sizes = Sizes(),
        backoff: Backoff = Backoff(first: .milliseconds(200), longest: .seconds(30)), logger: Logger,
        onRequest: (@Sendable (String) throws -> Void)? = nil
    ) {
        self.location = location
        self.configuration = configuration
        self.sizes = sizes
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
        for _ in 1...Self.tries {
            var landing = Landing(descriptor: descriptor, name: name)
            repeat {
                guard try await fetchPart(name, &landing) else { return nil }
            } while !landing.isDone
            if !landing.isOvertaken { return landing.tag }
        }
        throw S3Trouble("\(location)/\(name): is written again and again while it is read", isPassing: true)
    }

    /// The next part of an object. False where there is no such object.
    private func fetchPart(_ name: String, _ landing: inout Landing) async throws -> Bool {
        var headers: HTTPHeaders = ["Range": "bytes=\(landing.count)-\(landing.count + sizes.part - 1)"]
        // All parts are those of one object.
        if !landing.tag.isEmpty { headers["If-Match"] = landing.tag }
        let copy = landing
        var after = landing
        let found = try await repeating(.get, name, headers: headers) { request in
            after = copy
            let response = try await self.transport.stream(request)
            switch response.status {
            case 200, 206:
                try after.begin(response)
                for try await piece in response.body { try after.take(piece) }
                try after.end()
                return .success("")
            case 412:
                for try await _ in response.body {}
                after.isOvertaken = true
                return .success("")
            case 416 where copy.count == 0:
                // It has no bytes.
                for try await _ in response.body {}
                try after.beginEmpty(response)
                return .success("")
            default:
                let trouble = try await self.refusal(response, name)
                return trouble.isAbsence ? .success(nil) : .failure(trouble)
            }
        }
        landing = after
        return found != nil
    }

    /// Writes a file as an object. False where the condition doesn't hold.
    package func put(
        _ name: String, file path: String, size: Int, sha256: String, if condition: Condition = .any
    ) async throws -> Bool {
        guard size <= (condition == .any ? sizes.part : sizes.whole) else {
            return try await putParts(name, file: path, size: size, sha256: sha256, if: condition)
        }
        let body = HTTPBodySegment.file(path: path, size: size)
        let done = try await repeating(
            .put, name, headers: Self.headers(sha256, condition), sha256: sha256, body: body,
            isMine: { try await self.holds(name, sha256) }
        ) { request in
            let response = try await self.transport.stream(request)
            switch response.status {
            case 200:
                for try await _ in response.body {}
                return .success("")
            case 409 where condition != .any, 412 where condition != .any:
                for try await _ in response.body {}
                return .success(nil)
            default: return .failure(try await self.refusal(response, name))
            }
        }
        return done != nil
    }

    /// What a write is asked with.
    static func headers(_ sha256: String, _ condition: Condition) -> HTTPHeaders {
        var headers: HTTPHeaders = [digestHeader: sha256]
        switch condition {
        case .any: break
        case .absent: headers["If-None-Match"] = "*"
        case .tag(let tag): headers["If-Match"] = tag
        }
        return headers
    }

    /// What tells a writer whose answer was lost whether an object is its own.
    static let digestHeader = "x-amz-meta-sha256"

    /// Whether there is an object that was written with this digest.
    func holds(_ name: String, _ sha256: String) async throws -> Bool {
        let digest = try await repeating(.get, name, headers: ["Range": "bytes=0-0"]) { request in
            let response = try await self.transport.stream(request)
            guard [200, 206].contains(response.status) else {
                let trouble = try await self.refusal(response, name)
                return trouble.isAbsence ? .success(nil) : .failure(trouble)
            }
            return .success(response.headers[Self.digestHeader])
        }
        return digest == sha256
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
        let prefix = location.key("")
        repeat {
            var query = [("list-type", "2"), ("prefix", prefix), ("max-keys", "1000")]
            if let next { query.append(("continuation-token", next)) }
            let page = try await page(query)
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

    /// A page of a list.
    func page(_ query: [(String, String)]) async throws -> String {
        let page = try await repeating(.get, nil, query: query) { request in
            let response = try await self.transport.send(request)
            guard response.status == 200 else {
                return .failure(Self.refusal(response.status, response.body, "\(self.location)"))
            }
            return .success(String(decoding: response.body, as: UTF8.self))
        }
        return page ?? ""
    }
}

/// A file that an object is written into, part by part.
private struct Landing {
    let descriptor: CInt
    let name: String
    /// How many bytes of the object are there.
    private(set) var count = 0
    /// The object's.
    private(set) var tag = ""
    private var size: Int?
    /// Whether another object has taken the place of the one that was begun.
    var isOvertaken = false

    init(descriptor: CInt, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    var isDone: Bool { isOvertaken || size.map { count >= $0 } ?? false }

    /// An answer's body is what comes next, or all of it where the server doesn't know ranges.
    mutating func begin(_ response: HTTPStreamingResponse) throws {
        tag = response.headers["ETag"] ?? ""
        guard response.status == 206 else { return try cut(0) }
        // "bytes 0-99/1000"
        let parts = (response.headers["Content-Range"] ?? "").split { $0 == " " || $0 == "-" || $0 == "/" }
        guard parts.count == 4, parts[1] == "\(count)", let whole = Int(parts[3]) else {
            throw S3Trouble("\(name): the server sends another part of it than was asked for")
        }
        size = whole
        try cut(count)
    }

    /// Of an object without bytes.
    mutating func beginEmpty(_ response: HTTPStreamingResponse) throws {
        tag = response.headers["ETag"] ?? ""
        size = 0
        try cut(0)
    }

    /// Whatever a try before has written goes.
    private mutating func cut(_ length: Int) throws {
        guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, off_t(length), SEEK_SET) >= 0 else {
            throw S3Trouble("\(name): the folder for temporary files can't be written")
        }
        count = length
    }

    mutating func take(_ piece: Data) throws {
        let bytes = Array(piece)
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress.map { $0 + start }, raw.count - start)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw S3Trouble("\(name): the folder for temporary files is full, or can't be written")
            }
            start += written
        }
        count += bytes.count
    }

    /// All of an answer is there.
    mutating func end() throws {
        size = size ?? count
    }
}
