import Dispatch
import Foundation
import Glibc
import Synchronization

/// A process that was started: what its own thread, which waits for its end, needs of it.
final class Child: Sendable {
    let pid: pid_t
    /// Nil until it has ended and is reaped.
    private let ended = Mutex<Int32?>(nil)
    private let end = DispatchGroup()

    init(_ pid: pid_t) {
        self.pid = pid
        end.enter()
        Thread.detachNewThread { [self] in
            var information = siginfo_t()
            // Reaped under the lock: no signal goes to another process that has got its number.
            while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
            ended.withLock { ended in
                var status: Int32 = 0
                while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
                ended = Self.exitCode(status)
            }
            end.leave()
        }
    }

    /// As a shell has it: 128 and the signal, where one has ended it.
    private static func exitCode(_ status: Int32) -> Int32 {
        status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    var status: Int32? { ended.withLock { $0 } }

    /// Nothing where it has ended.
    func signal(_ number: Int32) {
        ended.withLock { if $0 == nil { kill(pid, number) } }
    }

    /// Its exit code; after `limit` it is killed, with what it has started and is of its group.
    func wait(within limit: Duration) -> (status: Int32, isLate: Bool) {
        let isLate = end.wait(timeout: .now() + limit / .seconds(1)) == .timedOut
        if isLate {
            ended.withLock { if $0 == nil { kill(-pid, SIGKILL) } }
            end.wait()
        }
        return (status ?? 0, isLate)
    }
}
