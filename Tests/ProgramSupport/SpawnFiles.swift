import Foundation
import Glibc

/// The streams of a program that is about to be started.
struct SpawnFiles {
    /// By the stream that they become.
    private var theirs: [Int32: Int32] = [:]
    /// The other ends of pipes.
    private(set) var ours: [Int32: Int32] = [:]
    private var toClose: [Int32] = []

    mutating func add(_ number: Int32, _ stream: ChildProgram.Stream) throws {
        let isInput = number == STDIN_FILENO
        switch stream {
        case .ours: theirs[number] = number
        case .nothing: try open(number, "/dev/null", isInput ? O_RDONLY : O_WRONLY)
        case .file(let url): try open(number, url.path, isInput ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND)
        case .pipe:
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw Self.failed("pipe") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (theirs[number], ours[number]) = isInput ? (ends[0], ends[1]) : (ends[1], ends[0])
            toClose.append(isInput ? ends[0] : ends[1])
        }
    }

    private mutating func open(_ number: Int32, _ path: String, _ flags: Int32) throws {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failed(path) }
        theirs[number] = descriptor
        toClose.append(descriptor)
    }

    mutating func closeTheirs() {
        toClose.forEach { _ = close($0) }
        toClose = []
    }

    func closeOurs() { ours.values.forEach { _ = close($0) } }

    func spawn(_ command: [String], _ environment: [String: String]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in theirs where number != descriptor {
            posix_spawn_file_actions_adddup2(&actions, descriptor, number)
        }
        guard let closeFrom = Self.closeFrom else { throw Self.failed("posix_spawn_file_actions_addclosefrom_np") }
        _ = closeFrom(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        var pid: pid_t = 0
        let code = Self.withCStrings(command) { argv in
            Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { envp in
                posix_spawnp(&pid, command[0], &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else { throw Self.failed(command[0], code) }
        return pid
    }

    /// glibc's, which Swift doesn't see.
    private static let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
        unsafeBitCast(
            $0, to: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32).self)
    }

    /// Lends an array of C strings that ends with NULL.
    private static func withCStrings<Value>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let pointers = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }

    private static func failed(_ what: String, _ code: Int32 = errno) -> ChildProgram.NotStarted {
        ChildProgram.NotStarted(description: "\(what): \(String(cString: strerror(code)))")
    }
}
