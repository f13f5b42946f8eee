import Digests
import FoundationEssentials
import Glibc
import HTTPTransport

/// Objects that are too long for one request.
extension S3Bucket {
    /// Writes a file part after part, which together become the object at the end: a writer that is killed leaves no object.
    func putParts(
        _ name: String, file path: String, size: Int, sha256: String, if condition: Condition
    ) async throws -> Bool {
        guard size <= Sizes.largest else {
            throw S3Trouble("\(location)/\(name): has \(size) bytes; an object of S3 has 5 TiB at most")
        }
        let upload = try await begin(name, sha256)
        do {
            let part = sizes.part(of: size)
            var tags: [String] = []
            for start in stride(from: 0, to: size, by: part) {
                let body = HTTPBodySegment.file(path: path, offset: start, size: min(part, size - start))
                tags.append(try await send(body, tags.count + 1, of: name, upload))
            }
            let isThere = try await complete(name, upload, tags, sha256, condition)
            if !isThere { try await abort(name, upload) }
            return isThere
        } catch {
            // Its parts cost room until it is given up; that isn't cancelled with what was.
            await Task { try? await abort(name, upload, tries: 2) }.value
            throw error
        }
    }

    /// Returns what names the upload.
    private func begin(_ name: String, _ sha256: String) async throws -> String {
        let answer = try await repeating(
            .post, name, query: [("uploads", "")], headers: Self.headers(sha256, .any)
        ) { request in
            let response = try await self.transport.send(request)
            guard response.status == 200 else { return .failure(self.refusal(response, name)) }
            return .success(String(decoding: response.body, as: UTF8.self))
        }
        guard let answer, let id = S3Answer.text("UploadId", in: answer), !id.isEmpty else {
            throw S3Trouble("\(location)/\(name): the server takes no upload in parts")
        }
        return id
    }

    /// Returns the part's tag.
    private func send(
        _ body: HTTPBodySegment, _ number: Int, of name: String, _ upload: String
    ) async throws -> String {
        let tag = try await repeating(
            .put, name, query: [("partNumber", "\(number)"), ("uploadId", upload)], sha256: try Self.digest(of: body),
            body: body
        ) { request in
            let response = try await self.transport.send(request)
            guard response.status == 200 else { return .failure(self.refusal(response, name)) }
            return .success(response.headers["ETag"] ?? "")
        }
        return tag ?? ""
    }

    private static func digest(of body: HTTPBodySegment) throws -> String {
        guard case .file(let path, var offset, var rest) = body else { return S3Signature.nothing }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { if file >= 0 { close(file) } }
        var digest = SHA256()
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        while rest > 0 {
            let count = pread(file, &piece, min(piece.count, rest), off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw S3Trouble("\(path): can't be read: \(String(cString: strerror(errno)))") }
            digest.update(piece[..<count])
            offset += count
            rest -= count
        }
        return digest.finish()
    }

    /// Makes the parts the object. False where the condition doesn't hold.
    private func complete(
        _ name: String, _ upload: String, _ tags: [String], _ sha256: String, _ condition: Condition
    ) async throws -> Bool {
        let parts = tags.enumerated().map { number, tag in
            "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(S3Answer.escaped(tag))</ETag></Part>"
        }
        let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
        let text = "<CompleteMultipartUpload xmlns=\"\(namespace)\">\(parts.joined())</CompleteMultipartUpload>"
        var headers = Self.headers(sha256, condition)
        headers[Self.digestHeader] = nil
        headers["Content-Type"] = "application/xml"
        let done = try await repeating(
            .post, name, query: [("uploadId", upload)], headers: headers, sha256: SHA256.of(Array(text.utf8)),
            body: .data(Data(text.utf8)), isMine: { try await self.holds(name, sha256) }
        ) { request in
            let response = try await self.transport.send(request)
            switch response.status {
            case 200:
                // It begins to answer before it knows.
                guard String(decoding: response.body, as: UTF8.self).contains("<Error>") else { return .success("") }
                return .failure(Self.refusal(500, response.body, "\(self.location)/\(name)"))
            case 409 where condition != .any, 412 where condition != .any: return .success(nil)
            case 404:
                // A try before may have done it; then nothing of the upload is left.
                return .gone(self.refusal(response, name))
            default: return .failure(self.refusal(response, name))
            }
        }
        return done != nil
    }

    /// Gives up an upload, whose parts go.
    private func abort(_ name: String, _ upload: String, tries: Int = S3Bucket.tries) async throws {
        _ = try await repeating(.delete, name, query: [("uploadId", upload)], tries: tries) { request in
            let response = try await self.transport.send(request)
            return [200, 204, 404].contains(response.status) ? .success("") : .failure(self.refusal(response, name))
        }
    }

    /// Gives up the uploads of a location that were begun before then, in seconds since 1970, as by a writer that was
    /// killed. `isOurs`: by the name of the object.
    package func abortUploads(before: Int64, _ isOurs: (String) -> Bool) async throws {
        let prefix = location.key("")
        var markers: [(String, String)] = []
        while true {
            let page = try await page([("uploads", ""), ("prefix", prefix), ("max-uploads", "1000")] + markers)
            for upload in S3Answer.all("Upload", in: page) {
                guard let key = S3Answer.text("Key", in: upload), key.hasPrefix(prefix),
                    let id = S3Answer.text("UploadId", in: upload),
                    let at = S3Answer.text("Initiated", in: upload).flatMap(S3Answer.seconds), at < before
                else { continue }
                let name = String(key.dropFirst(prefix.count))
                if isOurs(name) { try await abort(name, id) }
            }
            guard S3Answer.text("IsTruncated", in: page) == "true",
                let key = S3Answer.text("NextKeyMarker", in: page),
                let upload = S3Answer.text("NextUploadIdMarker", in: page)
            else { return }
            markers = [("key-marker", key), ("upload-id-marker", upload)]
        }
    }

    private func refusal(_ response: HTTPResponse, _ name: String) -> S3Trouble {
        Self.refusal(response.status, response.body, "\(location)/\(name)")
    }
}
