internal import FoundationEssentials
internal import GatewayAPI
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Reads what somebody sends, as long as it is short and comes soon.
enum BodyReader {
    /// The most bytes of a body. No request that the API server takes is longer than 1.5 MB, and no form is near that.
    static let limit = 1 << 20
    /// A client that drips a body byte by byte is cut off after that.
    static let deadline: Duration = .seconds(20)

    /// A body of JSON. Throws `Problem`.
    static func json(_ request: Request) async throws -> [UInt8] {
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
        guard type == "application/json" else { throw Problem.unsupportedMediaType(request.headers[.contentType]) }
        // A small body may become a huge one.
        guard request.headers[.contentEncoding]?.lowercased() ?? "identity" == "identity" else {
            throw Problem.unsupportedMediaType("a compressed body")
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw Problem.payloadTooLarge(limit: limit)
        }
        let body = request.body
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            defer { group.cancelAll() }
            group.addTask {
                let buffer: ByteBuffer
                do {
                    buffer = try await body.collect(upTo: limit)
                } catch is NIOTooManyBytesError {
                    throw Problem.payloadTooLarge(limit: limit)
                }
                return Array(buffer.readableBytesView)
            }
            group.addTask {
                try await Task.sleep(for: deadline)
                throw Problem.requestTimeout
            }
            guard let bytes = try await group.next() else { throw CancellationError() }
            return bytes
        }
    }
}
