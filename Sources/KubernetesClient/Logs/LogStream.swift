import FoundationEssentials
import HTTPTransport

/// The lines of a container's log as they come, without their newlines. It can be iterated once.
///
/// It ends when the server ends it: where a log is followed that may be the container's end, or the server's. It throws
/// when the connection breaks; what came of an unfinished line is dropped then.
package struct LogStream: AsyncSequence, Sendable {
    package typealias Element = String
    package typealias Failure = KubernetesError

    private let body: HTTPBody
    private let operation: String
    // The transport ends with its last owner, and a stream may outlive the client that began it.
    private let sender: RequestSender

    init(_ body: HTTPBody, operation: String, sender: RequestSender) {
        self.body = body
        self.operation = operation
        self.sender = sender
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(body: body.makeAsyncIterator(), operation: operation, sender: sender)
    }

    /// Takes the lines one by one.
    package struct Iterator: AsyncIteratorProtocol {
        private var body: HTTPBody.Iterator
        private let operation: String
        private let sender: RequestSender
        private var splitter = FrameSplitter()
        private var isAtEnd = false

        init(body: HTTPBody.Iterator, operation: String, sender: RequestSender) {
            self.body = body
            self.operation = operation
            self.sender = sender
        }

        package mutating func next() async throws(KubernetesError) -> String? {
            try await next(isolation: nil)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(KubernetesError) -> String? {
            while !isAtEnd {
                switch splitter.next() {
                case .line(let line): return String(decoding: line, as: UTF8.self)
                case .tooLong(let byteCount): return "(a line of \(byteCount) bytes is too long to be shown)"
                case nil: break
                }
                do throws(HTTPError) {
                    guard let piece = try await body.next(isolation: actor) else {
                        isAtEnd = true
                        // A program may end without a newline.
                        return splitter.remainder.map { String(decoding: $0, as: UTF8.self) }
                    }
                    splitter.append(piece)
                } catch {
                    throw KubernetesError(error, operation: operation, isWrite: false)
                }
            }
            return nil
        }
    }
}
