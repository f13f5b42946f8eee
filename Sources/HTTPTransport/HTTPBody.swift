public import FoundationEssentials
import Synchronization

/// The body of a streamed response, in pieces of any length as they arrive. It can be iterated once.
///
/// What the consumer has not taken yet waits in one buffer, where adjacent pieces grow together, so that it
/// holds the unread bytes and nothing else. The connection is never paused; a consumer that leaves more than
/// the request's `bodyLimit` unread gets `bodyTooLarge`.
///
/// Dropping the iterator, or a body that was never iterated, closes the connection unless all has arrived.
public struct HTTPBody: AsyncSequence, Sendable {
    public typealias Element = Data
    public typealias Failure = HTTPError

    private let source: Source

    init(_ transfer: Transfer) {
        source = Source(transfer)
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(source)
    }

    /// Reads the body; the transfer ends with it.
    public struct Iterator: AsyncIteratorProtocol {
        private let reading: Reading?
        private let url: String

        fileprivate init(_ source: Source) {
            reading = source.claim() ? Reading(source) : nil
            url = source.transfer.request.url
        }

        public mutating func next() async throws(HTTPError) -> Data? {
            guard let reading else {
                throw HTTPError(code: .invalidRequest, message: "The body can be iterated once only", url: url)
            }
            return try await reading.source.transfer.nextChunk()
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(HTTPError) -> Data? {
            try await next()
        }
    }

    /// Held by the body and by its iterator: the last of them to go ends the transfer.
    fileprivate final class Source: Sendable {
        let transfer: Transfer
        private let isClaimed = Atomic(false)

        init(_ transfer: Transfer) {
            self.transfer = transfer
        }

        deinit {
            transfer.cancel()
        }

        func claim() -> Bool {
            isClaimed.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
        }
    }

    /// Held by the iterator alone: its end is the transfer's, though the body may live on.
    fileprivate final class Reading: Sendable {
        let source: Source

        init(_ source: Source) {
            self.source = source
        }

        deinit {
            source.transfer.cancel()
        }
    }
}

// A second reader would take chunks away from the first.
@available(*, unavailable)
extension HTTPBody.Iterator: Sendable {}
