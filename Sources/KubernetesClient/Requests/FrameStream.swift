import FoundationEssentials
import HTTPTransport

/// The lines of a response as they come, for the streams that give them a meaning. It can be iterated once.
struct FrameStream: Sendable {
    let body: HTTPBody
    let operation: String
    // The transport ends with its last owner, and a stream may outlive the client that began it.
    let sender: RequestSender

    func makeIterator() -> Iterator {
        Iterator(body: body.makeAsyncIterator(), operation: operation, sender: sender)
    }

    /// Dropping it ends the request.
    struct Iterator {
        private var body: HTTPBody.Iterator
        private let operation: String
        private let sender: RequestSender
        private var splitter = FrameSplitter()

        init(body: HTTPBody.Iterator, operation: String, sender: RequestSender) {
            self.body = body
            self.operation = operation
            self.sender = sender
        }

        /// What follows the last newline, when the stream has ended.
        var remainder: Data? { splitter.remainder }

        mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(KubernetesError) -> FrameSplitter.Frame? {
            while true {
                if let frame = splitter.next() { return frame }
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
