import FoundationEssentials
import HTTPTransport
public import KubernetesModel

/// The events of one watch, until the server ends it. It can be iterated once.
///
/// It throws only when the connection breaks or stays silent beyond the deadline: then watch again from the last
/// version seen. Dropping the iterator ends the request.
public struct WatchStream<Resource: KubernetesResource>: AsyncSequence, Sendable {
    public typealias Element = WatchEvent<Resource>
    public typealias Failure = KubernetesError

    private let frames: FrameStream

    init(_ body: HTTPBody, operation: String, sender: RequestSender) {
        frames = FrameStream(body: body, operation: operation, sender: sender)
    }

    public func makeAsyncIterator() -> Iterator { Iterator(frames: frames.makeIterator()) }

    /// Takes the events one by one.
    public struct Iterator: AsyncIteratorProtocol {
        private var frames: FrameStream.Iterator

        init(frames: FrameStream.Iterator) {
            self.frames = frames
        }

        public mutating func next() async throws(KubernetesError) -> WatchEvent<Resource>? {
            try await next(isolation: nil)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(KubernetesError) -> WatchEvent<Resource>? {
            guard let frame = try await frames.next(isolation: actor) else { return nil }
            return WatchEvent(frame)
        }
    }
}
