import ReportRecords
import Testing

@Suite struct LastLinesTests {
    private func last(_ limit: Int, of lines: [String]) -> LastLines {
        var last = LastLines(limit: limit)
        for line in lines { last.append(line) }
        return last
    }

    @Test func whatFitsIsKeptWholeWithItsBlankLines() {
        let all = last(100, of: ["a", "", "  b", "é"])
        #expect(all.text == "a\n\n  b\né\n" && !all.isCut)
        #expect(all.byteCount == all.text.utf8.count && all.lineCount == 4)
        #expect(last(100, of: []).text.isEmpty)
    }

    @Test func theLastWholeLinesAreKept() {
        let some = last(8, of: ["first", "aa", "bb", "c"])
        #expect(some.text == "aa\nbb\nc\n" && some.isCut && some.byteCount == 8)
        #expect(last(7, of: ["first", "aa", "bb", "c"]).text == "bb\nc\n")
    }

    @Test func aLineThatIsTooLongLosesItsBeginningAndNoHalfCharacter() {
        let one = last(6, of: ["short", String(repeating: "é", count: 50)])
        // Five bytes and the newline hold two characters of two bytes.
        #expect(one.text == "éé\n" && one.isCut)
    }

    @Test func aMillionLinesAreKeptInBoundedMemory() {
        var last = LastLines(limit: StageLog.limit)
        for number in 0..<1_000_000 { last.append("\(number)") }
        #expect(last.byteCount <= StageLog.limit && last.byteCount > StageLog.limit - 8)
        #expect(last.lineCount == 1_000_000 && last.keptLines < 20_000)
        #expect(last.text.hasSuffix("\n999998\n999999\n"))
        #expect(last.text.utf8.count == last.byteCount)
    }
}
