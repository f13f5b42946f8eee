import Foundation
import Glibc
import ReportRecords
import Testing

@testable import ReportLayout
@testable import ReportRendering

struct PDFRendererTests {
    @Test func aReaderFindsEachRowWhole() throws {
        let sample = PDFSample.ledger(rowsOfCurrency: 60)
        let file = try sample.pdf()
        try file.check()
        let lines = try Set(PDFFile.cells(file.text()))
        for row in sample.texts { #expect(lines.contains(row)) }
    }

    @Test func manyRowsAllCome() throws {
        var sample = PDFSample.ledger(rowsOfCurrency: 1000)
        sample.layout.groupBy = []
        let rows = try PDFFile.cells(sample.pdf().text()).filter { $0.count == 6 && $0[0].hasPrefix("10") }
        #expect(rows == sample.texts)
    }

    @Test func eachPageHasTheTitlesAndItsNumber() throws {
        let sample = PDFSample.ledger(rowsOfCurrency: 80)
        let pages = try sample.pdf().pages
        #expect(pages.count > 4)
        for (place, page) in pages.enumerated() {
            #expect(PDFFile.cells(page).contains { $0.first == "Account" && $0.last == "Closing balance" })
            #expect(page.contains("Page \(place + 1) of \(pages.count)"))
            #expect(page.contains("As of 2026-10-31 11:43 UTC"))
            #expect(page.contains("finance/trial-balance"))
            #expect(page.contains("0b8f4c1e-7f3a-4a52-9d0e-6a1c3f0e2b77"))
            #expect(page.contains("Trial balance 2026-10"))
        }
    }

    @Test func pagesAreCountedRightWithoutGroupsToo() throws {
        for count in [1, 40, 49, 50, 51, 200] {
            var sample = PDFSample.ledger(rowsOfCurrency: count)
            sample.layout.groupBy = []
            let pages = try sample.pdf().pages
            #expect(pages.last?.contains("Page \(pages.count) of \(pages.count)") == true)
        }
    }

    @Test func fontsAreEmbedded() throws {
        var sample = PDFSample(["Name"], texts: [["Ödön"], ["Αθήνα"], ["مرحبا"], ["שלום"], ["नमस्ते"], ["北京"], ["สวัสดี"]])
        sample.layout.notes = "Привет"
        let fonts = try sample.pdf().fonts
        #expect(fonts.count >= 6)
        for font in fonts { #expect(font.isWhole, "\(font.name)") }
    }

    @Test func sameInputSameBytes() throws {
        let sample = PDFSample.ledger(rowsOfCurrency: 60)
        let bytes = try sample.pdf().bytes
        #expect(try sample.pdf().bytes == bytes)
    }

    @Test func describesItself() throws {
        let info = try PDFSample.ledger(rowsOfCurrency: 1).pdf().info
        #expect(info["Title"] == "Trial balance 2026-10")
        #expect(info["Subject"] == "Company 310507, at cost")
        #expect(info["Author"] == "finance/trial-balance")
        #expect(info["Keywords"] == "0b8f4c1e-7f3a-4a52-9d0e-6a1c3f0e2b77")
        #expect(info["Creator"] == "report-operator")
        #expect(info["CreationDate"] == "2026-10-31T12:00:00Z")
        #expect(info["Tagged"] == "yes")
        #expect(info["JavaScript"] == "no")
    }

    @Test func aReportWithoutRowsSaysSo() throws {
        var sample = PDFSample.ledger(rowsOfCurrency: 0)
        sample.layout.notes = "Bookings of sister companies are left out."
        let file = try sample.pdf()
        try file.check()
        let text = try file.text()
        #expect(text.contains("No bookings in 2026-10."))
        #expect(text.contains("Closing balance"))
        #expect(text.contains("Bookings of sister companies are left out."))
        #expect(text.contains("Page 1 of 1"))
        #expect(!text.contains("Total"))
    }

    @Test func oneRow() throws {
        let sample = PDFSample(["Name", "Day"], texts: [["Ann", "2026-10-31"]])
        let file = try sample.pdf()
        try file.check()
        #expect(try PDFFile.cells(file.text()).contains(["Ann", "2026-10-31"]))
    }

    @Test func aReportWithoutColumnsIsAPage() throws {
        let file = try PDFSample([], []).pdf()
        try file.check()
        #expect(try file.text().contains("No bookings in 2026-10."))
    }

    @Test func aFullDiskIsAnError() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let sample = PDFSample.ledger(rowsOfCurrency: 500)
        let error = #expect(throws: RenderError.self) {
            try PDFRenderer.render(sample.layout, rows: RowList(sample.rows), to: descriptor)
        }
        #expect(error?.kind == .cannotWrite)
        #expect(error?.description == "can't write the file: No space left on device")
    }

    @Test func rowsThatCannotBeReadAreAnError() throws {
        struct Broken: RowSource {
            func forEachRow(_ body: ([ResultValue]) throws -> Void) throws { throw RenderError(.rows, "gone") }
        }
        let sample = PDFSample.ledger(rowsOfCurrency: 1)
        let file = PDFFile()
        let descriptor = open(file.path, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(throws: RenderError.self) { try PDFRenderer.render(sample.layout, rows: Broken(), to: descriptor) }
    }

    @Test(arguments: [
        (TableLayout.PageSize.a4, "595.28 x 841.89"), (.a3, "841.89 x 1190.55"), (.letter, "612 x 792"),
        (.legal, "612 x 1008"),
    ])
    func pageSizes(size: TableLayout.PageSize, points: String) throws {
        var sample = PDFSample(["Name"], texts: [["Ann"]])
        sample.layout.pageSize = size
        #expect(try sample.pdf().info["Page size", default: ""].hasPrefix(points))
        sample.layout.orientation = .landscape
        let turned = points.split(separator: " ").reversed().joined(separator: " ")
        #expect(try sample.pdf().info["Page size", default: ""].hasPrefix(turned))
    }

    @Test func columnsThatNeedItTurnThePage() throws {
        let titles = (1...9).map { "Column number \($0)" }
        let sample = PDFSample(titles, texts: [titles.map { "\($0) of a wide table" }])
        #expect(try sample.pdf().info["Page size", default: ""].hasPrefix("841.89 x 595.28"))
    }
}
