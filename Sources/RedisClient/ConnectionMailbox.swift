import Synchronization

/// What tasks have to say to a connection's thread.
final class ConnectionMailbox: Sendable {
    private struct State {
        var commands: [PendingCommand] = []
        var isClosed = false
        var isStarted = false
    }

    private let state = Mutex(State())
    private let start: @Sendable (ConnectionMailbox, WakeDescriptor) -> Void
    private let wakeup = Mutex<WakeDescriptor?>(nil)

    /// `start` makes the thread; it is called once, at the first command.
    init(start: @escaping @Sendable (ConnectionMailbox, WakeDescriptor) -> Void) {
        self.start = start
    }

    /// Leaves a command and wakes the thread; false once the mailbox is closed.
    func post(_ command: PendingCommand) -> Bool {
        let (isTaken, wakes) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.commands.append(command)
            // The thread takes all at once, so the first has woken it already.
            return (true, state.commands.count == 1)
        }
        if wakes { startOrWake() }
        return isTaken
    }

    /// Makes the thread if there is none, and wakes it otherwise.
    func startOrWake() {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        wakeup.withLock { wakeup in
            if isFirst {
                let descriptor = WakeDescriptor()
                wakeup = descriptor
                start(self, descriptor)
            } else {
                // Nil for the instant until the first poster has made it; the new thread takes the mail before it sleeps.
                wakeup?.wake()
            }
        }
    }

    /// Tells the thread to end. Can be called again.
    func close() {
        state.withLock { $0.isClosed = true }
        wakeup.withLock { $0?.wake() }
    }

    /// Everything left since the last time, and whether this is the end.
    func take() -> (commands: [PendingCommand], isClosed: Bool) {
        state.withLock { state in
            let commands = state.commands
            state.commands = []
            return (commands, state.isClosed)
        }
    }
}
