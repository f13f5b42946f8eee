import FoundationEssentials
import Glibc
import ServiceLifecycle

/// Gives memory back when a daemon has become quiet: what starting and working have read of the program's code.
///
/// Most of what an idle daemon holds is its own code, read once: page by page, and 16 pages at a time. It stays in the page
/// cache, which comes back to it without reading a disk, unless something else needs the room more.
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
                if isQuiet, hasWorked { Self.giveBack() }
                hasWorked = !isQuiet
            }
        }
    }

    /// Safe at any time: what is dropped is what is in the files.
    package static func giveBack() {
        let maps = FileManager.default.contents(atPath: "/proc/self/maps").map { String(decoding: $0, as: UTF8.self) }
        for range in code(in: maps ?? "") {
            let start = UnsafeMutableRawPointer(bitPattern: range.lowerBound)
            _ = madvise(start, Int(range.upperBound - range.lowerBound), MADV_DONTNEED)
        }
    }

    /// The code of programs and libraries, of which nobody has changed a byte. What may only be read is not: some of it was
    /// written when the program was loaded, as addresses are.
    package static func code(in maps: String) -> [Range<UInt>] {
        maps.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].first == "/" else { return nil }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, ends[0] < ends[1] else { return nil }
            return ends[0]..<ends[1]
        }
    }

    private static func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
