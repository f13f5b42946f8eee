internal import CXlsxWriter
import ReportLayout

extension WorkbookTable {
    /// What each sheet has besides its cells: widths, filter, frozen rows, and how it is printed.
    func finishSheets() {
        let widths = columns.map(\.width.characters)
        for page in pages {
            let sheet = page.sheet.pointer
            for (place, width) in widths.enumerated() { page.sheet.setWidth(width, column: place) }
            if let header = page.headerRow {
                worksheet_freeze_panes(sheet, header + 1, 0)
                worksheet_repeat_rows(sheet, header, header)
                if let last = page.lastRow, !columns.isEmpty {
                    worksheet_autofilter(sheet, header, 0, last, UInt16(columns.count - 1))
                }
            }
            // Without sums a group's heading is what is left of it when it is closed.
            if !layout.groupBy.isEmpty, !layout.hasTotals { worksheet_outline_settings(sheet, 1, 0, 1, 0) }
            setPrint(page.sheet, isLandscape: isLandscape(widths.reduce(0, +)))
        }
    }

    func setPrint(_ sheet: WorkbookSheet, isLandscape: Bool) {
        worksheet_set_paper(sheet.pointer, paper.code)
        if isLandscape { worksheet_set_landscape(sheet.pointer) }
        worksheet_fit_to_pages(sheet.pointer, 1, 0)
        worksheet_set_header(sheet.pointer, "&L" + Self.printed(layout.title))
        worksheet_set_footer(
            sheet.pointer,
            "&L\(Self.printed(layout.asOfLine))&R\(layout.locale.words.page("&P", of: "&N"))")
    }

    /// An ampersand begins a code there, and there is room for 255 characters.
    private static func printed(_ text: String) -> String {
        var result = ""
        for character in text.onOnePlainLine {
            let next = character == "&" ? "&&" : String(character)
            guard result.utf16.count + next.utf16.count <= 150 else { return result + "…" }
            result += next
        }
        return result
    }

    /// nil in the layout: where the columns would be made smaller on upright paper.
    private func isLandscape(_ characters: Double) -> Bool {
        if let orientation = layout.orientation { return orientation == .landscape }
        // A digit is 7 pixels wide, at 96 an inch; the margins are 0.7 inches each.
        return characters * 7 / 96 > paper.inches - 1.4
    }

    /// What the file format calls it, and how wide it is upright.
    private var paper: (code: UInt8, inches: Double) {
        switch layout.pageSize {
        case .a4: (9, 8.27)
        case .a3: (8, 11.69)
        case .letter: (1, 8.5)
        case .legal: (5, 8.5)
        }
    }
}
