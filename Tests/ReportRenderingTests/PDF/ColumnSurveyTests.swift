import ReportRecords
import Testing

@testable import ReportLayout
@testable import ReportRendering

/// How wide a table's columns want to be.
@Suite struct ColumnSurveyTests {
    private static let names = [
        "Cash and cash equivalents", "Trade receivables", "Inventories of raw materials", "Prepaid expenses",
    ]

    private static func survey(_ sample: PDFSample) throws -> (survey: ColumnSurvey, faces: PageFaces, texts: Int) {
        let typesetter = try Typesetter(language: "en")
        let faces = try PageFaces(typesetter)
        let before = typesetter.textCount
        let survey = try ColumnSurvey(sample.layout, rows: RowList(sample.rows), faces)
        return (survey, faces, typesetter.textCount - before)
    }

    /// Most of a table's texts are no wider than one that was seen already, whatever words they have.
    @Test func onlyWhatIsWiderThanAllBeforeIsSetByPango() throws {
        let (few, many) = (0..<100, 0..<3000)
        func names(_ rows: Range<Int>) -> [[String]] {
            rows.map { [Self.names[$0 % Self.names.count], "Customer \($0 % 7) Limited", "\($0)"] }
        }
        func codes(_ rows: Range<Int>) -> [[String]] {
            rows.map { ["A-\($0) of \($0 * 7919 % 9973)", "Nº \($0)", "\($0).50"] }
        }
        for texts in [names, codes] {
            let first = try Self.survey(PDFSample(["A", "B", "C"], texts: texts(few))).texts
            let all = try Self.survey(PDFSample(["A", "B", "C"], texts: texts(many))).texts
            #expect(first > 0 && all < 100, "\(first), \(all)")
        }
    }

    @Test func aColumnIsAsWideAsItsWidestTextAndItsWidestWord() throws {
        let (survey, faces, _) = try Self.survey(PDFSample(["A"], texts: Self.names.map { [$0] }))
        let need = try #require(survey.needs.first)
        let widest = Self.names.map { faces.body.exactWidth(of: $0) }.max() ?? 0
        let words = Self.names.flatMap { $0.split(separator: " ") }
        let word = words.map { faces.body.exactWidth(of: String($0)) }.max() ?? 0
        #expect(need.natural >= widest && need.natural < widest * 1.03, "\(need.natural), \(widest)")
        #expect(need.word >= word && need.word < word * 1.03, "\(need.word), \(word)")
    }
}
