import FoundationEssentials

/// What becomes of one request, seen from the task that waits for it. It decides who is resumed with what;
/// `Transfer` does it. Each waiter leaves the machine in exactly one action.
struct TransferStateMachine<ResponseWaiter: Sendable, ChunkWaiter: Sendable>: Sendable {
    enum Delivery: Sendable {
        /// The waiter gets the whole body with its response.
        case whole
        /// The waiter gets the head; chunks are asked for one by one.
        case streamed
    }

    enum Resumption: Sendable {
        case response(ResponseWaiter, Result<HTTPResponse, HTTPError>)
        case chunk(ChunkWaiter, Result<Data?, HTTPError>)
    }

    enum Action: Sendable {
        case none
        /// Hand the request to the loop.
        case start
        case resume(Resumption)
        /// End the transfer: nobody wants the rest.
        case abort
        case resumeAndAbort(Resumption)
    }

    private enum State: Sendable {
        case created
        case awaitingHead(ResponseWaiter)
        case collecting(ResponseWaiter)
        case streaming
        case starving(ChunkWaiter)
        /// The transfer is over, the consumer has not heard of it yet.
        case ended(HTTPError?)
        case over
    }

    private let delivery: Delivery
    private let bodyLimit: Int
    private let url: String
    private var state = State.created
    private var head = HTTPResponse(status: 0, headers: [:], body: Data())

    // Beside the state and not in it, so that appending never copies what is there.
    private var unread = Data()

    init(delivery: Delivery, bodyLimit: Int, url: String) {
        self.delivery = delivery
        self.bodyLimit = bodyLimit
        self.url = url
    }

    /// The caller waits for its response.
    mutating func begin(_ waiter: ResponseWaiter) -> Action {
        switch state {
        case .created:
            state = .awaitingHead(waiter)
            return .start
        case .ended(let error):
            state = .over
            return .resume(.response(waiter, .failure(error ?? misuse("The request was started twice"))))
        case .awaitingHead, .collecting, .streaming, .starving, .over:
            return .resume(.response(waiter, .failure(misuse("The request was started twice"))))
        }
    }

    /// The head of the response is complete.
    mutating func headReceived(status: Int, headers: HTTPHeaders) -> Action {
        switch state {
        case .awaitingHead(let waiter):
            head = HTTPResponse(status: status, headers: headers, body: Data())
            switch delivery {
            case .whole:
                state = .collecting(waiter)
                return .none
            case .streamed:
                state = .streaming
                return .resume(.response(waiter, .success(head)))
            }
        case .created, .collecting, .streaming, .starving, .ended, .over:
            return .none
        }
    }

    /// Bytes of the body arrived; they are copied.
    mutating func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> Action {
        switch state {
        case .collecting(let waiter):
            guard append(bytes) else {
                state = .over
                return .resumeAndAbort(.response(waiter, .failure(tooLarge("The body is longer than"))))
            }
            return .none
        case .streaming:
            guard append(bytes) else {
                state = .ended(tooLarge("The consumer left unread more than"))
                return .abort
            }
            return .none
        case .starving(let waiter):
            state = .streaming
            return .resume(.chunk(waiter, .success(Data(bytes))))
        case .created, .awaitingHead, .ended, .over:
            return .abort
        }
    }

    /// The consumer wants the next bytes: all that are there, or the first that come.
    mutating func nextChunk(_ waiter: ChunkWaiter) -> Action {
        switch state {
        case .streaming where !unread.isEmpty, .ended where !unread.isEmpty:
            return .resume(.chunk(waiter, .success(takeUnread())))
        case .streaming:
            state = .starving(waiter)
            return .none
        case .ended(let error):
            state = .over
            return .resume(.chunk(waiter, error.map { .failure($0) } ?? .success(nil)))
        case .over:
            return .resume(.chunk(waiter, .success(nil)))
        case .created, .awaitingHead, .collecting, .starving:
            return .resume(.chunk(waiter, .failure(misuse("The body is being read twice at once"))))
        }
    }

    /// The transfer is over: complete if `error` is nil. What is unread can still be read.
    mutating func ended(_ error: HTTPError?) -> Action {
        switch state {
        case .created:
            state = .ended(error)
            return .none
        case .awaitingHead(let waiter):
            state = .over
            let silence = HTTPError(
                code: .connectionLost, message: "The connection closed within the head of the response",
                url: url, mayHaveReachedServer: true)
            return .resume(.response(waiter, .failure(error ?? silence)))
        case .collecting(let waiter):
            state = .over
            head.body = takeUnread()
            return .resume(.response(waiter, error.map { .failure($0) } ?? .success(head)))
        case .streaming:
            state = .ended(error)
            return .none
        case .starving(let waiter):
            state = .over
            return .resume(.chunk(waiter, error.map { .failure($0) } ?? .success(nil)))
        case .ended, .over:
            return .none
        }
    }

    /// Nobody wants the response any more: its task is cancelled or its body was dropped.
    mutating func cancelled() -> Action {
        let error = HTTPError(
            code: .cancelled, message: "The request was cancelled", url: url, mayHaveReachedServer: hasBegun)
        unread = Data()
        switch state {
        case .created:
            state = .ended(error)
            return .none
        case .awaitingHead(let waiter), .collecting(let waiter):
            state = .over
            return .resumeAndAbort(.response(waiter, .failure(error)))
        case .streaming:
            state = .ended(error)
            return .abort
        case .starving(let waiter):
            state = .over
            return .resumeAndAbort(.chunk(waiter, .failure(error)))
        case .ended:
            state = .ended(error)
            return .none
        case .over:
            return .none
        }
    }

    private var hasBegun: Bool {
        switch state {
        case .created: false
        case .awaitingHead, .collecting, .streaming, .starving, .ended, .over: true
        }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= bodyLimit - unread.count else {
            unread = Data()
            return false
        }
        unread.append(contentsOf: bytes)
        return true
    }

    private mutating func takeUnread() -> Data {
        var taken = Data()
        swap(&taken, &unread)
        return taken
    }

    private func tooLarge(_ what: String) -> HTTPError {
        HTTPError(code: .bodyTooLarge, message: "\(what) \(bodyLimit) bytes", url: url, mayHaveReachedServer: true)
    }

    private func misuse(_ message: String) -> HTTPError {
        HTTPError(code: .invalidRequest, message: message, url: url)
    }
}
