import AsyncSupport
import Synchronization

/// One call that blocks, carried out by a worker thread for a task.
///
/// The task has its answer as soon as it is cancelled, though the thread goes on until the library returns.
struct BlockingCall<Value: Sendable>: Sendable {
    private typealias Answer = Result<Value, MongoError>

    private enum State {
        case waiting(CheckedContinuation<Answer, Never>)
        /// Cancelled, before or after it began to wait.
        case settled
        case new
    }

    /// `limit`: how long the call may wait for a thread.
    static func run(
        on threads: WorkerThreads, limit: Duration, _ body: @escaping @Sendable () throws(MongoError) -> Value
    ) async throws(MongoError) -> Value {
        let state = SharedState()
        let deadline = ContinuousClock.now + limit
        let answer: Answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard state.wait(continuation) else { return }
                threads.post {
                    // The others of its queue are as late: callers that wait for a stalled server get the error, one after the
                    // other and at once.
                    guard state.isAwaited else { return }
                    guard ContinuousClock.now < deadline else { return state.settle(.failure(.noThread(limit))) }
                    let result: Answer
                    do throws(MongoError) { result = .success(try body()) } catch { result = .failure(error) }
                    state.settle(result)
                }
            }
        } onCancel: {
            state.settle(.failure(.cancelled))
        }
        return try answer.get()
    }

    private final class SharedState: Sendable {
        private let state = Mutex(State.new)

        var isAwaited: Bool {
            state.withLock { if case .waiting = $0 { true } else { false } }
        }

        /// Whether the call is still wanted.
        func wait(_ continuation: CheckedContinuation<Answer, Never>) -> Bool {
            let isWanted = state.withLock { state in
                if case .settled = state { return false }
                state = .waiting(continuation)
                return true
            }
            if !isWanted { continuation.resume(returning: .failure(.cancelled)) }
            return isWanted
        }

        func settle(_ answer: Answer) {
            let waiting: CheckedContinuation<Answer, Never>? = state.withLock { state in
                defer { state = .settled }
                if case .waiting(let continuation) = state { return continuation }
                return nil
            }
            waiting?.resume(returning: answer)
        }
    }
}

extension MongoError {
    fileprivate static func noThread(_ limit: Duration) -> MongoError {
        MongoError(
            kind: .timeout, message: "MongoDB doesn't answer: calls before this one still waited after \(limit)")
    }
}
