import Glibc
import ProgramPages
import ServiceLifecycle

/// Gives memory back when a daemon has become quiet: what starting and working have read of the program's code.
///
/// Most of what an idle daemon holds is its own code, read once. It stays in the page cache, from which it comes back without
/// reading a disk, unless something else needs the room more.
package struct QuietMemory: Service {
    /// How often it is looked at whether there was nothing to do.
    private static let period = Duration.seconds(10)
    /// So much processor time in that while is nothing: leases, timers.
    private static let little = Duration.milliseconds(100)

    package init() {}

    package func run() async {
        await cancelWhenGracefulShutdown {
            var spent = Self.processorTime()
            var hasWorked = true
            while (try? await Task.sleep(for: Self.period, tolerance: .seconds(2))) != nil {
                let now = Self.processorTime()
                let isQuiet = now - spent < Self.little
                spent = now
                if isQuiet, hasWorked { ProgramPages.drop() }
                hasWorked = !isQuiet
            }
        }
    }

    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
