import HTTPTransport
import KubernetesModel

/// The lines of a container's log as they come, without their newlines. It can be iterated once.
///
/// It ends when the server ends it: where a log is followed that may be the container's end, or the server's. It throws
/// when the connection breaks; what came of an unfinished line is dropped then.
public struct LogStream: AsyncSequence, Sendable {
    public typealias Element = String
    public typealias Failure = KubernetesError

    private let frames: FrameStream

    init(_ body: HTTPBody, operation: String, sender: RequestSender) {
        frames = FrameStream(body: body, operation: operation, sender: sender)
    }

    public func makeAsyncIterator() -> Iterator { Iterator(frames: frames.makeIterator()) }

    /// Takes the lines one by one.
    public struct Iterator: AsyncIteratorProtocol {
        private var frames: FrameStream.Iterator
        private var isAtEnd = false

        init(frames: FrameStream.Iterator) {
            self.frames = frames
        }

        public mutating func next() async throws(KubernetesError) -> String? {
            try await next(isolation: nil)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(KubernetesError) -> String? {
            guard !isAtEnd else { return nil }
            switch try await frames.next(isolation: actor) {
            case .line(let line): return String(decoding: line, as: UTF8.self)
            case .tooLong(let byteCount): return "(a line of \(byteCount) bytes is too long to be shown)"
            case nil:
                isAtEnd = true
                // A program may end without a newline.
                return frames.remainder.map { String(decoding: $0, as: UTF8.self) }
            }
        }
    }
}

extension KubernetesClient {
    /// Begins to read a pod's log. A container that hasn't started yet is an error (400), as is one that is gone.
    ///
    /// Lines that are blank are left out, unless they carry timestamps.
    public func logs(
        pod name: String, namespace: String, options: LogOptions = LogOptions()
    ) async throws(KubernetesError) -> LogStream {
        let path = ResourcePath(Pod.resourceKind, namespace: namespace, name: name, subresource: .log)
        var request = APIRequest(.get, path, query: options.query)
        // The head of a followed log comes with the container's first line.
        request.timeouts = HTTPTimeouts(
            connect: .seconds(10), firstByte: options.follow ? options.idleDeadline : .seconds(30),
            idle: options.idleDeadline)
        return LogStream(try await sender.stream(request), operation: request.operation, sender: sender)
    }
}
