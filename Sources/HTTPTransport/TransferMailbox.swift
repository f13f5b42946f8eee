import Synchronization

/// What other threads have to say to the loop's thread.
final class TransferMailbox: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        case abort(Transfer)
        case closeIdleConnections
    }

    private struct State {
        var commands: [Command] = []
        var waker: PollWaker?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Leaves a command and wakes the loop; false once the mailbox is closed.
    func post(_ command: Command) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.commands.append(command)
            // The loop takes all commands at once, so the first of them has woken it already.
            if state.commands.count == 1 { state.waker?.wake() }
            return true
        }
    }

    /// Tells the loop to end. Can be called again.
    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            state.waker?.wake()
        }
    }

    /// Everything left since the last time, and whether this is the end.
    func take() -> (commands: [Command], isClosed: Bool) {
        state.withLock { state in
            let commands = state.commands
            state.commands = []
            return (commands, state.isClosed)
        }
    }

    /// Sets what to wake: nothing any more before the multi handle is released.
    func setWaker(_ waker: PollWaker?) {
        state.withLock { $0.waker = waker }
    }
}
