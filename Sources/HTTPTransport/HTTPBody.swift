package import FoundationEssentials

/// The body of a streamed response, in pieces of any length as they arrive. It can be iterated once.
package struct HTTPBody: AsyncSequence, Sendable {
    package typealias Element = Data
    package typealias Failure = HTTPError

    package func makeAsyncIterator() -> Iterator {
        Iterator()
    }

    package struct Iterator: AsyncIteratorProtocol {
        package mutating func next() async throws(HTTPError) -> Data? {
            nil
        }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws(HTTPError) -> Data? {
            nil
        }
    }
}
