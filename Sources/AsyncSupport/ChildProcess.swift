import Dispatch
public import FoundationEssentials
import Glibc
import Synchronization

/// Runs a program for what it prints.
///
/// It waits on a thread of its own: a program may take as long as its user takes to log in.
public enum ChildProcess {
    public enum Failure: Error, Hashable, CustomStringConvertible {
        case notFound
        case notStarted(code: Int32)
        case exited(code: Int32)
        case signalled(Int32)
        case timedOut(Duration)
        case tooMuchOutput

        public var description: String {
            switch self {
            case .notFound: "was not found"
            case .notStarted(let code): "could not be started: \(String(cString: strerror(code)))"
            case .exited(let code): "failed with exit code \(code)"
            case .signalled(let signal): "was ended by signal \(signal)"
            case .timedOut(let limit): "did not end within \(limit)"
            case .tooMuchOutput: "printed more than 1 MiB"
            }
        }
    }

    private static let outputLimit = 1 << 20
    /// Held from a pipe's making until its program runs: another program that starts in between would inherit its ends, and
    /// keep its reader waiting (Swift doesn't see pipe2).
    private static let starting = Mutex(())

    /// Whether a person could answer on standard input.
    public static var hasTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Standard output of `command` once it has exited with 0. Standard error goes where ours goes.
    ///
    /// A `command` without a slash is looked for in our `PATH`. Without `inheritsInput` it reads from nothing and gets
    /// a process group of its own, so that its children end with it when time is up.
    public static func output(
        of command: String,
        arguments: [String],
        environment: [String: String],
        inheritsInput: Bool,
        timeout: Duration
    ) async throws(Failure) -> Data {
        let outcome: Result<Data, Failure> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "child-process").async {
                continuation.resume(
                    returning: Result { () throws(Failure) in
                        let child = try start(command, arguments, environment, inheritsInput: inheritsInput)
                        return try child.output(within: timeout)
                    })
            }
        }
        return try outcome.get()
    }

    private static func start(
        _ command: String, _ arguments: [String], _ environment: [String: String], inheritsInput: Bool
    ) throws(Failure) -> Child {
        try starting.withLock { _ throws(Failure) in
            try Child(command, arguments, environment, inheritsInput: inheritsInput)
        }
    }

    /// A started process and the end of the pipe that it prints to. Its owner must call `output`, once.
    private struct Child: ~Copyable {
        let pid: pid_t
        let reader: Int32
        let hasOwnGroup: Bool

        init(
            _ command: String, _ arguments: [String], _ environment: [String: String], inheritsInput: Bool
        ) throws(Failure) {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw .notStarted(code: errno) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            defer { close(ends[1]) }

            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
            if !inheritsInput {
                posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            }

            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            // Signals that we ignore or block, such as SIGPIPE, would stay so in the program.
            var signals = sigset_t()
            sigemptyset(&signals)
            posix_spawnattr_setsigmask(&attributes, &signals)
            sigfillset(&signals)
            posix_spawnattr_setsigdefault(&attributes, &signals)
            var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
            if !inheritsInput { flags |= POSIX_SPAWN_SETPGROUP }
            posix_spawnattr_setflags(&attributes, Int16(flags))

            var pid: pid_t = 0
            let code = Self.withCStrings([command] + arguments) { argv in
                Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { envp in
                    posix_spawnp(&pid, command, &actions, &attributes, argv, envp)
                }
            }
            guard code == 0 else {
                close(ends[0])
                throw code == ENOENT ? .notFound : .notStarted(code: code)
            }
            self.pid = pid
            reader = ends[0]
            hasOwnGroup = !inheritsInput
        }

        consuming func output(within timeout: Duration) throws(Failure) -> Data {
            defer { close(reader) }
            let deadline = ContinuousClock.now + timeout
            do throws(Failure) {
                let output = try read(until: deadline, timeout: timeout)
                let status = try wait(until: deadline, timeout: timeout)
                // <sys/wait.h>'s macros, which Swift doesn't see.
                let signal = status & 0x7f
                if signal != 0 { throw .signalled(signal) }
                let code = (status >> 8) & 0xff
                if code != 0 { throw .exited(code: code) }
                return output
            } catch {
                end(because: error)
                throw error
            }
        }

        private func read(until deadline: ContinuousClock.Instant, timeout: Duration) throws(Failure) -> Data {
            var output = Data()
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            while true {
                var descriptor = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
                let left = deadline - ContinuousClock.now
                guard left > .zero else { throw .timedOut(timeout) }
                let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
                let ready = poll(&descriptor, 1, Int32(clamping: milliseconds + 1))
                if ready == 0 || (ready < 0 && errno == EINTR) { continue }
                let count = Glibc.read(reader, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return output }
                output.append(contentsOf: buffer[..<count])
                if output.count > ChildProcess.outputLimit { throw .tooMuchOutput }
            }
        }

        private func wait(until deadline: ContinuousClock.Instant, timeout: Duration) throws(Failure) -> Int32 {
            var pause: UInt32 = 500
            while true {
                var status: Int32 = 0
                let done = waitpid(pid, &status, WNOHANG)
                if done == pid { return status }
                if done < 0 && errno != EINTR { throw .notStarted(code: errno) }
                guard ContinuousClock.now < deadline else { throw .timedOut(timeout) }
                // It has closed its output, so it is about to end.
                usleep(pause)
                pause = min(pause * 2, 50_000)
            }
        }

        /// Ends and reaps a process that was given up; one that has ended by itself is reaped already.
        private func end(because failure: Failure) {
            switch failure {
            case .timedOut, .tooMuchOutput:
                kill(hasOwnGroup ? -pid : pid, SIGKILL)
                while waitpid(pid, nil, 0) < 0 && errno == EINTR {}
            case .notFound, .notStarted, .exited, .signalled:
                break
            }
        }

        /// Lends a NULL-terminated array of C strings.
        private static func withCStrings<Value>(
            _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
        ) -> Value {
            let pointers = strings.map { strdup($0) }
            defer { pointers.forEach { free($0) } }
            return body(pointers + [nil])
        }
    }
}
