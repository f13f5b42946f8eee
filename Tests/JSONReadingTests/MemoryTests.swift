import Foundation
import JSONReading
import KubernetesModel
import Testing

/// A program that reads for months holds no more for it.
@Suite(.serialized) struct MemoryTests {
    static let texts = [
        #"{"metadata":{"name":"a","labels":{"b":"c"}},"spec":[1,2.5,true,null]}"#, #"{"a":"#, "nonsense", "",
        #"{"items":[{"a":1},{"b":2}]}"#, #"{"items":[{"a":1},{]}"#,
    ]

    /// A kilobyte for each would be a hundred megabytes.
    @Test(arguments: texts) func whatWasReadLeavesNothingBehind(text: String) throws {
        let reader = JSONReader()
        let data = Data(text.utf8)
        func read(times: Int) {
            for _ in 0..<times {
                _ = try? reader.decode(JSONValue.self, from: data)
                try? reader.readList("items", in: data) { _, _ in
                } element: { _ in
                }
            }
        }
        read(times: 100)
        let before = try Self.resident()
        read(times: 50_000)
        #expect(try Self.resident() - before < 20 << 20)
    }

    /// Of the whole process, in bytes.
    private static func resident() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
        return try #require(Int(pages)) * 4096
    }
}
