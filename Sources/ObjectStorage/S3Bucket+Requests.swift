import AsyncSupport
import Digests
import FoundationEssentials
import HTTPTransport

extension S3Bucket {
    static let tries = 9

    /// What one try came to.
    enum Answer {
        /// Nil where there is no such object, or a condition doesn't hold.
        case success(String?)
        case failure(S3Trouble)
        /// What was to be done can't be done any more: a try before may have done it.
        case gone(S3Trouble)
    }

    /// `isMine`: whether what is there is what a try before has written whose answer was lost.
    func repeating(
        _ method: HTTPMethod, _ name: String?, query: [(String, String)] = [], headers: HTTPHeaders = [:],
        sha256: String = S3Signature.nothing, body: HTTPBodySegment? = nil, tries: Int = S3Bucket.tries,
        isMine: (() async throws -> Bool)? = nil, _ send: (HTTPRequest) async throws -> Answer
    ) async throws -> String? {
        var delays = backoff.delays
        var isUncertain = false
        var last = S3Trouble("\(location): doesn't answer", isPassing: true)
        for count in 1...tries {
            let words = S3Signature.query(query)
            try onRequest?("\(method.rawValue) \(name ?? "")\(words.isEmpty ? "" : "?\(words)")")
            let request = request(method, name, query, headers, sha256, body)
            do {
                switch try await send(request) {
                case .success(nil):
                    // An answer that was lost may have been that it is written.
                    if isUncertain, let isMine, try await isMine() { return "" }
                    return nil
                case .gone(let trouble):
                    if isUncertain, let isMine, try await isMine() { return "" }
                    throw trouble
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
            if count < tries { try await Task.sleep(for: delays.next()) }
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

    func refusal(_ response: HTTPStreamingResponse, _ name: String) async throws -> S3Trouble {
        var body = Data()
        for try await piece in response.body where body.count < 64 << 10 { body.append(piece) }
        return Self.refusal(response.status, body, "\(location)/\(name)")
    }

    static func refusal(_ status: Int, _ body: Data, _ place: String) -> S3Trouble {
        let text = String(decoding: body, as: UTF8.self)
        let words = [S3Answer.text("Code", in: text), S3Answer.text("Message", in: text)].compactMap(\.self)
        let why = words.isEmpty ? "HTTP \(status)" : words.joined(separator: ": ")
        return S3Trouble(
            "\(place): \(why)", isPassing: [409, 429, 500, 502, 503, 504].contains(status),
            isAbsence: words.first == "NoSuchKey")
    }
}
