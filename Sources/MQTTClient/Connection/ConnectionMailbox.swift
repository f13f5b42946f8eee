import FoundationEssentials
import Synchronization

/// What tasks have to say to a connection's thread, and it to them.
final class ConnectionMailbox: Sendable {
    enum Command: Sendable {
        case publish(PendingMessage)
        case cancel(UInt64)
        /// The message with that number was handled, or is to come again.
        case settle(UInt64, isHandled: Bool)
    }

    private struct State {
        var commands: [Command] = []
        var isClosing = false
        var opening: Result<Void, MQTTError>?
        var opener: CheckedContinuation<Result<Void, MQTTError>, Never>?
        var arrivals: [(number: UInt64, message: MQTTMessage)] = []
        var reader: CheckedContinuation<Arrival?, Never>?
        /// Why the connection is over.
        var end: MQTTError?
        var lastID: UInt64 = 0
    }

    typealias Arrival = (number: UInt64, message: MQTTMessage)

    let wakeup = WakeDescriptor()
    private let state = Mutex(State())

    // MARK: Of tasks

    func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    /// Leaves a command and wakes the thread; false where the connection is over.
    func post(_ command: Command) -> Bool {
        let isTaken = state.withLock { state in
            guard state.end == nil, !state.isClosing else { return false }
            state.commands.append(command)
            return true
        }
        if isTaken { wakeup.wake() }
        return isTaken
    }

    /// Tells the thread to end.
    func close() {
        state.withLock { $0.isClosing = true }
        wakeup.wake()
    }

    /// Whether a message could be taken.
    var isOpen: Bool { state.withLock { $0.end == nil && !$0.isClosing } }

    var isClosing: Bool { state.withLock { $0.isClosing } }

    var end: MQTTError? { state.withLock { $0.end } }

    /// Returns once the broker has taken us, or it is certain that it doesn't. For one task.
    func opened() async -> Result<Void, MQTTError> {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.opening == nil { state.opener = continuation }
                return state.opening
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// The next message, or nil when the connection is over or the task is cancelled. One task may wait.
    func nextArrival() async -> Arrival? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isKnown, arrival): (Bool, Arrival?) = state.withLock { state in
                    if state.end != nil || Task.isCancelled { return (true, nil) }
                    if !state.arrivals.isEmpty { return (true, state.arrivals.removeFirst()) }
                    precondition(state.reader == nil, "Two tasks read one connection's messages")
                    state.reader = continuation
                    return (false, nil)
                }
                if isKnown { continuation.resume(returning: arrival) }
            }
        } onCancel: {
            takeReader()?.resume(returning: nil)
        }
    }

    private func takeReader() -> CheckedContinuation<Arrival?, Never>? {
        state.withLock { state in
            defer { state.reader = nil }
            return state.reader
        }
    }

    // MARK: Of the thread

    /// Everything left since the last time, and whether this is the end.
    func take() -> (commands: [Command], isClosing: Bool) {
        state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.isClosing)
        }
    }

    func open(_ result: Result<Void, MQTTError>) {
        let opener = state.withLock { state -> CheckedContinuation<Result<Void, MQTTError>, Never>? in
            guard state.opening == nil else { return nil }
            state.opening = result
            defer { state.opener = nil }
            return state.opener
        }
        opener?.resume(returning: result)
    }

    func deliver(_ arrival: Arrival) {
        let reader = state.withLock { state -> CheckedContinuation<Arrival?, Never>? in
            guard let reader = state.reader else {
                state.arrivals.append(arrival)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: arrival)
    }

    /// Nothing is taken any more. Returns what was left.
    func end(_ error: MQTTError) -> [Command] {
        let left = state.withLock { state in
            state.end = error
            state.arrivals = []
            defer { state.commands = [] }
            return state.commands
        }
        open(.failure(error))
        takeReader()?.resume(returning: nil)
        return left
    }
}

/// A message on its way out.
struct PendingMessage: Sendable {
    let id: UInt64
    let topic: String
    let payload: Data
    let retain: Bool
    let deadline: ContinuousClock.Instant
    let mayBegin: @Sendable () -> Bool
    let done: CheckedContinuation<MQTTPublication, Never>
}
