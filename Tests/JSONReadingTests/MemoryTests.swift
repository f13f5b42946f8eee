import Foundation
import JSONReading
import KubernetesModel
import Testing

/// A program that reads for months holds no more for it.
struct MemoryTests {
    static let texts = [
        #"{"metadata":{"name":"a","labels":{"b":"c"}},"spec":[1,2.5,true,null]}"#, #"{"a":"#, "nonsense", "",
        #"{"items":[{"a":1},{"b":2}]}"#, #"{"items":[{"a":1},{]}"#,
    ]

    /// A kilobyte for each would be a hundred megabytes. In a process of its own, since memory is counted for all of it.
    @Test func whatWasReadLeavesNothingBehind() async {
        await #expect(processExitsWith: .success) {
            for text in MemoryTests.texts {
                let data = Data(text.utf8)
                MemoryTests.read(data, times: 100)
                let before = MemoryTests.resident
                MemoryTests.read(data, times: 50_000)
                let more = MemoryTests.resident - before
                precondition(before > 0 && more < 20 << 20, "\(text) left \(more) bytes")
            }
        }
    }

    private static func read(_ data: Data, times: Int) {
        let reader = JSONReader()
        for _ in 0..<times {
            _ = try? reader.decode(JSONValue.self, from: data)
            try? reader.readList("items", in: data) { _, _ in
            } element: { _ in
            }
        }
    }

    /// Of this process, in bytes.
    private static var resident: Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")[1]
        return (pages.flatMap { Int($0) } ?? 0) * 4096
    }
}
