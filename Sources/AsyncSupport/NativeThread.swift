import Glibc

/// A thread outside of the cooperative pool, for what blocks.
public enum NativeThread {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        func run() {
            nameThisThread(name)
            body()
        }
    }

    /// Runs `body` on a thread of its own, which ends with it.
    ///
    /// `name`: what `ps` and debuggers show, at most 15 bytes.
    public static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
        // The new thread inherits the mask: signals go to threads that expect them, and writing to a closed socket does
        // not end the process.
        var every = sigset_t()
        var previous = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_SETMASK, &every, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }

        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            start.toOpaque())
        precondition(result == 0, "The system gives no thread")
        pthread_detach(thread)
    }

    // pthread_setname_np hides behind _GNU_SOURCE, and prctl is variadic.
    private static func nameThisThread(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, min(name.utf8.count, 15))
        close(file)
    }
}
