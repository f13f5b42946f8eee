internal import CHiredis
import Glibc

/// A thread outside of the cooperative pool, for what blocks.
enum NativeThread {
    private final class Start {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread of its own, which ends with it.
    static func start(_ body: @escaping @Sendable () -> Void) {
        // The new thread inherits the mask: signals go to threads that expect them, and writing to a closed
        // connection, as OpenSSL does, does not end the process.
        var every = sigset_t()
        var previous = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_SETMASK, &every, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }

        let start = Unmanaged.passRetained(Start(body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                chiredis_name_thread("redis")
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            start.toOpaque())
        precondition(result == 0, "No thread for the connection to Redis")
        pthread_detach(thread)
    }
}
