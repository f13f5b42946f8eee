import AsyncSupport
import ControllerRuntime
import Synchronization

/// A clock that stands still until a test moves it, and says who sleeps.
final class ManualClock: Sendable {
    private struct Sleeper {
        var id: Int
        var due: Duration
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now = Duration.zero
        var lastSleeper = 0
        var sleepers: [Sleeper] = []
    }

    private let state = Mutex(State())
    /// Every sleep that was begun, by its length.
    let sleeps = Log<Duration>()

    var now: Duration { state.withLock { $0.now } }

    /// How many tasks sleep.
    var sleeping: Int { state.withLock { $0.sleepers.count } }

    var runtimeClock: RuntimeClock {
        RuntimeClock(now: { self.now }, sleep: { try await self.sleep($0) })
    }

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now += duration
            let woken = state.sleepers.filter { $0.due <= state.now }
            state.sleepers.removeAll { $0.due <= state.now }
            return woken
        }
        for sleeper in woken { sleeper.continuation.resume(returning: true) }
    }

    /// Returns once a sleep of that length has been begun and goes on.
    func waitUntilSleeping(for duration: Duration) async {
        while !state.withLock({ state in state.sleepers.contains { $0.due == state.now + duration } }) {
            await Task.yield()
        }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.lastSleeper += 1
            return state.lastSleeper
        }
        let sleptWell = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if duration <= .zero { return true }
                    state.sleepers.append(
                        Sleeper(id: id, due: state.now + duration, continuation: continuation))
                    return nil
                }
                sleeps.append(duration)
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let position = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
                return state.sleepers.remove(at: position)
            }
            sleeper?.continuation.resume(returning: false)
        }
        if !sleptWell { throw CancellationError() }
    }
}

extension RuntimeClock {
    /// A clock on which every sleep ends at once, having taken its time.
    static func hurrying(_ sleeps: Log<Duration> = Log()) -> RuntimeClock {
        RuntimeClock(
            now: { sleeps.entries.reduce(.zero, +) },
            sleep: {
                try Task.checkCancellation()
                sleeps.append($0)
            })
    }
}
