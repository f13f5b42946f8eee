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

    private let body: HTTPBody
    private let operation: String
    // The transport ends with its last owner, and a watch may outlive the client that began it.
    private let sender: RequestSender

    init(_ body: HTTPBody, operation: String, sender: RequestSender) {
        self.body = body
        self.operation = operation
        self.sender = sender
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(body: body.makeAsyncIterator(), operation: operation, sender: sender)
    }

    /// Takes the events one by one.
    package struct Iterator: AsyncIteratorProtocol {
        private var body: HTTPBody.Iterator
        private let operation: String
        private let sender: RequestSender
        private var splitter = FrameSplitter()
        private let decoder = JSONDecoder()

        init(body: HTTPBody.Iterator, operation: String, sender: RequestSender) {
            self.body = body
            self.operation = operation
            self.sender = sender
        }

        package mutating func next() async throws(KubernetesError) -> WatchEvent<Resource>? {
            try await next(isolation: nil)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(KubernetesError) -> WatchEvent<Resource>? {
            while true {
                if let frame = splitter.next() { return WatchEvent(frame, decoder: decoder) }
                do throws(HTTPError) {
                    guard let piece = try await body.next(isolation: actor) else { return nil }
                    splitter.append(piece)
                } catch {
                    throw KubernetesError(error, operation: operation, isWrite: false)
                }
            }
        }
    }
}
