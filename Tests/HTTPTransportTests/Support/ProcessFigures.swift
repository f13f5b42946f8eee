import Foundation

/// What the kernel says about this process.
struct ProcessFigures {
    var descriptors: Int
    var residentKilobytes: Int

    static var current: ProcessFigures {
        ProcessFigures(
            descriptors: names(in: "/proc/self/fd").count,
            residentKilobytes: number(after: "VmRSS:", in: "/proc/self/status"))
    }

    /// Whether there is a transport's thread, and none of them ran for that long.
    static func isTransportQuiet(for duration: Duration) -> Bool {
        func switches(_ thread: String) -> Int {
            number(after: "\nvoluntary_ctxt_switches:", in: "/proc/self/task/\(thread)/status")
        }
        let before = names(in: "/proc/self/task").filter { text("/proc/self/task/\($0)/comm") == "http-transport\n" }
            .map { (thread: $0, switches: switches($0)) }
        // The measure is what happens in a stretch of time: there is no event to wait for.
        usleep(UInt32(duration / .microseconds(1)))
        return !before.isEmpty && before.allSatisfy { $0.switches > 0 && switches($0.thread) == $0.switches }
    }

    private static func number(after label: String, in path: String) -> Int {
        guard let text = text(path), let range = text.range(of: label) else { return 0 }
        return Int(text[range.upperBound...].drop { $0.isWhitespace }.prefix { $0.isNumber }) ?? 0
    }

    private static func names(in directory: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }

    private static func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
