import Foundation
import Testing

@testable import KubernetesClient

struct FrameSplitterTests {
    private func frames(_ pieces: [Data], limit: Int = 16 << 20) -> [FrameSplitter.Frame] {
        var splitter = FrameSplitter(limit: limit)
        var frames: [FrameSplitter.Frame] = []
        for piece in pieces {
            splitter.append(piece)
            while let frame = splitter.next() { frames.append(frame) }
        }
        return frames
    }

    private func line(_ text: String) -> FrameSplitter.Frame { .line(Data(text.utf8)) }

    @Test func everyPlaceToCutGivesTheSameLines() {
        let text = Data("{\"a\":\"ü€😀\"}\n\n{\"b\":2}\r\n \r\n{\"c\":3}\nrest".utf8)
        let expected = [line("{\"a\":\"ü€😀\"}"), line("{\"b\":2}\r"), line("{\"c\":3}")]
        #expect(frames([text]) == expected)
        for first in 0...text.count {
            for second in first...text.count {
                let pieces = [text[..<first], text[first..<second], text[second...]]
                #expect(frames(pieces) == expected, "cut at \(first) and \(second)")
            }
        }
        #expect(frames(text.map { Data([$0]) }) == expected)
    }

    @Test func aLineWithoutItsEndIsNone() {
        #expect(frames([Data("{\"a\":1}".utf8)]).isEmpty)
        #expect(frames([]).isEmpty)
    }

    @Test(arguments: [1, 3, 7, 100])
    func onlyTheLineThatIsTooLongIsDropped(size: Int) {
        let text = Data("12345\n1234567890ab\n1234567890\n1\n".utf8)
        let pieces = stride(from: 0, to: text.count, by: size).map { text[$0..<min($0 + size, text.count)] }
        let expected = [line("12345"), .tooLong(byteCount: 12), line("1234567890"), line("1")]
        #expect(frames(pieces, limit: 10) == expected)
    }

    @Test func aDroppedLineIsNotKeptInMemory() {
        var splitter = FrameSplitter(limit: 1000)
        for _ in 0..<100 {
            splitter.append(Data(repeating: 120, count: 999))
            #expect(splitter.next() == nil)
        }
        splitter.append(Data("\nok\n".utf8))
        #expect(splitter.next() == .tooLong(byteCount: 99_900))
        #expect(splitter.next() == line("ok"))
    }
}
