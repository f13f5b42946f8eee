import FoundationEssentials
import Synchronization

/// One request on its way, shared by the task that waits for it and the loop that carries it out.
final class Transfer: Sendable {
    typealias ResponseWaiter = CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>
    typealias ChunkWaiter = CheckedContinuation<Result<Data?, HTTPError>, Never>
    typealias Machine = TransferStateMachine<ResponseWaiter, ChunkWaiter>

    let request: HTTPRequest
    private let mailbox: TransferMailbox
    private let machine: Mutex<Machine>

    init(_ request: HTTPRequest, delivery: Machine.Delivery, mailbox: TransferMailbox) {
        self.request = request
        self.mailbox = mailbox
        machine = Mutex(Machine(delivery: delivery, bodyLimit: request.bodyLimit, url: request.url))
    }

    // MARK: The task's side

    /// Starts the transfer and waits for its response, whole or its head. Cancelling the task aborts it.
    func response() async throws(HTTPError) -> HTTPResponse {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                perform(machine.withLock { $0.begin(waiter) })
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// Waits for the next bytes of a streamed body. Cancelling the task aborts the transfer.
    func nextChunk() async throws(HTTPError) -> Data? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                perform(machine.withLock { $0.nextChunk(waiter) })
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// Ends the transfer, if it is not over.
    func cancel() {
        perform(machine.withLock { $0.cancelled() })
    }

    // MARK: The loop's side

    func headReceived(_ head: ResponseHeadParser.Head) {
        perform(machine.withLock { $0.headReceived(status: head.status, headers: head.headers) })
    }

    /// Takes bytes of the body; false if nobody wants them, which ends the transfer.
    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch machine.withLock({ $0.bodyReceived(bytes) }) {
        case .none, .start:
            return true
        case .resume(let resumption):
            resume(resumption)
            return true
        case .abort:
            return false
        case .resumeAndAbort(let resumption):
            resume(resumption)
            return false
        }
    }

    func ended(_ error: HTTPError?) {
        perform(machine.withLock { $0.ended(error) })
    }

    private func perform(_ action: Machine.Action) {
        switch action {
        case .none:
            break
        case .start:
            if !mailbox.post(.start(self)) { ended(.shutdown(url: request.url)) }
        case .resume(let resumption):
            resume(resumption)
        case .abort:
            // A closed mailbox means that the loop ends every transfer anyway.
            _ = mailbox.post(.abort(self))
        case .resumeAndAbort(let resumption):
            resume(resumption)
            _ = mailbox.post(.abort(self))
        }
    }

    private func resume(_ resumption: Machine.Resumption) {
        switch resumption {
        case .response(let waiter, let result): waiter.resume(returning: result)
        case .chunk(let waiter, let result): waiter.resume(returning: result)
        }
    }
}

extension HTTPError {
    static func shutdown(url: String, mayHaveReachedServer: Bool = false) -> HTTPError {
        HTTPError(
            code: .shutdown, message: "The transport is shut down", url: url,
            mayHaveReachedServer: mayHaveReachedServer)
    }
}
