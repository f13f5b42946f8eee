import FoundationEssentials
import HTTPTransport
package import KubernetesModel

/// The events of one watch, until the server ends it. It can be iterated once.
///
/// It throws only when the connection breaks or stays silent beyond the deadline: then watch again from the last
/// version seen. Dropping the iterator ends the request.
package struct WatchStream<Resource: KubernetesResource>: AsyncSequence, Sendable {
    package typealias Element = WatchEvent<Resource>
    package typealias Failure = KubernetesError

    private let frames: FrameStream

    init(_ body: HTTPBody, operation: String, sender: RequestSender) {
        frames = FrameStream(body: body, operation: operation, sender: sender)
    }

    package func makeAsyncIterator() -> Iterator { Iterator(frames: frames.makeIterator()) }

    /// Takes the events one by one.
    package struct Iterator: AsyncIteratorProtocol {
        private var frames: FrameStream.Iterator

        init(frames: FrameStream.Iterator) {
            self.frames = frames
        }

        package mutating func next() async throws(KubernetesError) -> WatchEvent<Resource>? {
            try await next(isolation: nil)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(KubernetesError) -> WatchEvent<Resource>? {
            guard let frame = try await frames.next(isolation: actor) else { return nil }
            return WatchEvent(frame)
        }
    }
}
