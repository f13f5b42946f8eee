import Testing

@testable import ReportRendering

/// Pages of ten lines.
struct TableFlowTests {
    private typealias Flow = TableFlow<String>

    private func line(_ text: String, _ role: Flow.Role = .row, count: Int = 1) -> Flow.Line {
        Flow.Line(role: role, content: text, lineCount: count, leading: 10, padding: 0)
    }

    private func heading(_ text: String, _ level: Int = 0) -> Flow.Line { line(text, .heading(level: level)) }

    /// What stands on each page; a repeated heading with an asterisk, a part of a row with its lines.
    private func pages(_ lines: [Flow.Line], start: Double = 0) -> [[String]] {
        var flow = Flow(start: start, top: 0, bottom: 100)
        var pages: [[String]] = [[]]
        let take = { (event: Flow.Event) in
            switch event {
            case .pageEnd: pages.append([])
            case .place(let line, let part, let y, let isRepeated):
                #expect(y >= 0 && y + Double(part.count) * 10 <= 100)
                let isPart = part.count < line.lineCount
                pages[pages.count - 1].append(
                    line.content + (isRepeated ? "*" : "") + (isPart ? " \(part.lowerBound)..<\(part.upperBound)" : ""))
            }
        }
        for line in lines { flow.take(line, take) }
        flow.end(take)
        return pages.dropLast()
    }

    private func rows(_ range: Range<Int>) -> [Flow.Line] { range.map { line("r\($0)") } }
    private func names(_ range: Range<Int>) -> [String] { range.map { "r\($0)" } }

    @Test func rowsFillPages() {
        #expect(pages(rows(0..<25)) == [names(0..<10), names(10..<20), names(20..<25)])
        #expect(pages(rows(0..<10)) == [names(0..<10)])
        #expect(pages(rows(0..<10), start: 60) == [names(0..<4), names(4..<10)])
        #expect(pages([]) == [[]])
    }

    @Test func aHeadingStaysWithItsFirstRow() {
        let lines = rows(0..<9) + [heading("A")] + rows(9..<11)
        #expect(pages(lines) == [names(0..<9), ["A", "r9", "r10"]])
    }

    @Test func anOpenGroupsHeadingIsRepeated() {
        let lines = [heading("A"), heading("a", 1)] + rows(0..<10) + [heading("b", 1)] + rows(10..<11)
        #expect(pages(lines) == [["A", "a"] + names(0..<8), ["A*", "a*", "r8", "r9", "b", "r10"]])
    }

    @Test func aGroupThatBeginsAPageRepeatsTheOuterAlone() {
        let lines = [heading("A"), heading("a", 1)] + rows(0..<8) + [heading("b", 1)] + rows(8..<9)
        #expect(pages(lines) == [["A", "a"] + names(0..<8), ["A*", "b", "r8"]])
    }

    @Test func sumsStayWithTheirLastRow() {
        let lines =
            [heading("A")] + rows(0..<8) + [
                line("sum A", .sum(level: 0)), line("total", .total), line("n", .paragraph),
            ]
        #expect(pages(lines) == [["A"] + names(0..<7), ["A*", "r7", "sum A", "total", "n"]])
    }

    @Test func aRowMovesWholeToTheNextPage() {
        let lines = rows(0..<8) + [line("tall", count: 5)] + rows(8..<9)
        #expect(pages(lines) == [names(0..<8), ["tall", "r8"]])
    }

    @Test func whatIsTallerThanAPageIsCutBetweenLines() {
        let lines = rows(0..<2) + [line("tall", count: 25)] + rows(2..<3)
        #expect(
            pages(lines) == [["r0", "r1", "tall 0..<8"], ["tall 8..<18"], ["tall 18..<25", "r2"]])
        #expect(pages([line("tall", count: 12)], start: 90) == [["tall 0..<1"], ["tall 1..<11"], ["tall 11..<12"]])
    }

    @Test func headingsTooTallToRepeatDoNotFillThePages() {
        let lines = [line("A", .heading(level: 0), count: 30)] + rows(0..<3)
        let all = pages(lines)
        #expect(all.flatMap(\.self).filter { $0.hasPrefix("r") } == names(0..<3))
        #expect(all.count == 4)
    }
}
