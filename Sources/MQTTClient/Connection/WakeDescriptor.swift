internal import CMosquitto
import Glibc

/// Wakes a thread that sleeps in `poll`.
final class WakeDescriptor: Sendable {
    let descriptor: CInt

    init() {
        descriptor = cmosquitto_eventfd()
        precondition(descriptor >= 0, "No file descriptor is left to wake a connection's thread")
    }

    deinit { close(descriptor) }

    func wake() {
        var one: UInt64 = 1
        // The optimiser may release the last reference once the number is read; another file might get it then.
        withExtendedLifetime(self) {
            // Full means that it is awake already.
            _ = write(descriptor, &one, 8)
        }
    }

    func reset() {
        var count: UInt64 = 0
        withExtendedLifetime(self) { _ = read(descriptor, &count, 8) }
    }
}
