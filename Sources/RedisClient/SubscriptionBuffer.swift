import Synchronization

/// What a subscription has received and nobody has read yet.
final class SubscriptionBuffer: Sendable {
    private struct State {
        var elements: [RedisSubscription.Element] = []
        var waiter: CheckedContinuation<RedisSubscription.Element?, Never>?
        var isOver = false
        /// Confirmations that are still to come before every channel is subscribed.
        var missing = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    // MARK: The connection's side

    /// A new connection subscribes to these.
    func begin(_ channels: [String]) { state.withLock { $0.missing = channels.count } }

    /// Takes what the connection received; false if that is nothing a subscription gets.
    func take(_ reply: RedisReply) -> Bool {
        guard let parts = reply.array, parts.count >= 3, let kind = parts[0].string, let channel = parts[1].string
        else { return false }
        switch kind {
        case "subscribe":
            let isComplete = state.withLock { state in
                state.missing -= 1
                return state.missing == 0
            }
            if isComplete { put(.reconnected) }
            return true
        case "message":
            guard let payload = parts[2].bytes else { return false }
            put(.message(channel: channel, payload: payload))
            return true
        default:
            return false
        }
    }

    private func put(_ element: RedisSubscription.Element) {
        let waiter = state.withLock { state -> CheckedContinuation<RedisSubscription.Element?, Never>? in
            if let waiter = state.waiter {
                state.waiter = nil
                return waiter
            }
            // Too slow a reader is told that it has missed something, in place of everything that it has missed.
            if state.elements.count >= limit { state.elements = [.reconnected] }
            state.elements.append(element)
            return nil
        }
        waiter?.resume(returning: element)
    }

    // MARK: The reader's side

    /// The next element; nil once it is finished or the task is cancelled.
    func next() async -> RedisSubscription.Element? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let ready: RedisSubscription.Element?? = state.withLock { state in
                    if !state.elements.isEmpty { return .some(state.elements.removeFirst()) }
                    if state.isOver { return .some(nil) }
                    precondition(state.waiter == nil, "A subscription has one reader")
                    state.waiter = waiter
                    return .none
                }
                if let ready { waiter.resume(returning: ready) }
            }
        } onCancel: {
            finish()
        }
    }

    /// Nothing more comes.
    func finish() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            state.isOver = true
            state.elements = []
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }
}
