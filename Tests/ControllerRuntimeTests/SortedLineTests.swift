import KubernetesModel
import TestSupport
import Testing

@testable import ControllerRuntime

struct SortedLineTests {
    @Test func itKeepsWhateverComesAndGoesInOrder() {
        var random = SeededGenerator(seed: 7)
        var line = SortedLine<Int>()
        var expected: [(position: Int, name: String)] = []
        for step in 0..<6000 {
            if step > 3000 || (!expected.isEmpty && Int.random(in: 0..<3, using: &random) == 0), !expected.isEmpty {
                let gone = expected.remove(at: Int.random(in: 0..<expected.count, using: &random))
                line.remove(ObjectKey(namespace: "a", name: gone.name), at: gone.position)
            } else {
                // Some positions come twice.
                let position = Int.random(in: 0..<1000, using: &random)
                line.insert(ObjectKey(namespace: "a", name: "n\(step)"), at: position)
                expected.append((position, "n\(step)"))
            }
            if step % 500 == 0 { check(line, expected) }
        }
        check(line, expected)
        line.remove(ObjectKey(namespace: "a", name: "unknown"), at: 5)
        #expect(line.count == expected.count)
    }

    private func check(_ line: SortedLine<Int>, _ expected: [(position: Int, name: String)]) {
        var (positions, names): ([Int], Set<String>) = ([], [])
        line.walk { entry in
            positions.append(entry.position)
            names.insert(entry.key.name)
            return true
        }
        #expect(positions == expected.map(\.position).sorted())
        #expect(names == Set(expected.map(\.name)))
        #expect(line.count == expected.count)
    }
}
