import Glibc

/// What Linux tells about this process in /proc, under the names that Prometheus' own clients use.
public enum ProcessMetrics {
    /// Registers the metrics. They are read when the page is asked for.
    public static func register(in registry: MetricsRegistry) {
        registry.gauge("process_resident_memory_bytes", help: "Resident memory in bytes.") {
            residentPages().map { Double($0) * Double(sysconf(Int32(_SC_PAGESIZE))) }
        }
        registry.counter("process_cpu_seconds_total", help: "CPU time of user and system in seconds.") { cpuSeconds() }
        // A process is started once.
        let start = startTime()
        registry.gauge("process_start_time_seconds", help: "Start time in seconds since the epoch.") { start }
        registry.gauge("process_open_fds", help: "Open file descriptors.") { openDescriptors().map(Double.init) }
    }

    static func cpuSeconds() -> Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func residentPages() -> Int? {
        read("/proc/self/statm").flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
    }

    static func startTime() -> Double? {
        // The command's name is in parentheses and may hold anything, so fields count from the last parenthesis. The
        // start is field 22 of the whole and the 20th after it, in clock ticks since boot.
        guard let stat = read("/proc/self/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let ticks = Double(fields[19]) else { return nil }
        guard let boot = read("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let booted = Double(boot.dropFirst(6))
        else { return nil }
        return booted + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    static func openDescriptors() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        // Not counted: ".", "..", and the descriptor that reads the directory.
        return entries - 3
    }

    /// The file's text; nil when it can't be read. Files in /proc have no size that could be asked beforehand.
    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        let chunk = 4096
        while true {
            let piece = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
                count = max(0, Glibc.read(descriptor, buffer.baseAddress, chunk))
            }
            if piece.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece
        }
    }
}
