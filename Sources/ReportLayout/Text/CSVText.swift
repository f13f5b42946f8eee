package import ReportRecords

/// Rows as CSV (RFC 4180): values exactly as they were published, a header with the columns' names.
///
/// A null and an empty text are both an empty cell: CSV has no null.
package struct CSVText: Hashable, Sendable {
    private let lineEnd: [UInt8]
    /// Whether a text that a spreadsheet would take for a formula gets `'` before it, as OWASP asks (CSV injection).
    /// Typed numbers and dates never do.
    package let isGuarded: Bool
    /// What the file begins with.
    package let mark: [UInt8]

    /// For people, who open the file with a double click: Excel takes it for UTF-8 only if it begins with a byte order
    /// mark, and for the code page of its Windows else, which turns `ü` into `Ã¼`. The mark isn't part of the data (Python
    /// reads it as `utf-8-sig`); programs are better served by JSON.
    package static let file = CSVText(lineEnd: "\r\n", isGuarded: true, mark: [0xEF, 0xBB, 0xBF])
    /// For programs, such as those that ask for rows over HTTP.
    package static let rows = CSVText(lineEnd: "\r\n", isGuarded: false, mark: [])
    /// For people and programs alike, over HTTP, where a header says that it is UTF-8.
    package static let download = CSVText(lineEnd: "\r\n", isGuarded: true, mark: [])
    /// For a pipe, where the tools expect a line feed alone.
    package static let lines = CSVText(lineEnd: "\n", isGuarded: false, mark: [])

    private init(lineEnd: String, isGuarded: Bool, mark: [UInt8]) {
        self.lineEnd = Array(lineEnd.utf8)
        self.isGuarded = isGuarded
        self.mark = mark
    }

    package func appendHeader(_ names: [String], to bytes: inout [UInt8]) {
        appendLine(names, to: &bytes) { name, bytes in appendText(name, to: &bytes) }
    }

    package func appendRow(_ cells: some Collection<ResultValue>, to bytes: inout [UInt8]) {
        appendLine(cells, to: &bytes) { value, bytes in
            switch value {
            case .null: break
            case .string(let text), .other(let text): appendText(text, to: &bytes)
            case .bool, .integer, .double, .decimal, .date: bytes += value.description.utf8
            }
        }
    }

    private func appendLine<Cell>(
        _ cells: some Collection<Cell>, to bytes: inout [UInt8], _ append: (Cell, inout [UInt8]) -> Void
    ) {
        let begin = bytes.count
        var isFirst = true
        for cell in cells {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            append(cell, &bytes)
        }
        // An empty line isn't a row for many readers.
        if bytes.count == begin, cells.count == 1 { bytes += [UInt8(ascii: "\""), UInt8(ascii: "\"")] }
        bytes += lineEnd
    }

    private func appendText(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            // By bytes: to a spreadsheet "=" with a combining mark behind it is "=" all the same, and is no `Character` "=".
            let isFormula = isGuarded && (utf8.first.map(Self.formulaStarts.contains) ?? false)
            let isPlain = utf8.allSatisfy { !Self.quoted.contains($0) } && utf8.first != 0x20 && utf8.last != 0x20
            if !isPlain { bytes.append(UInt8(ascii: "\"")) }
            if isFormula { bytes.append(UInt8(ascii: "'")) }
            if isPlain {
                bytes.append(contentsOf: utf8)
            } else {
                for byte in utf8 {
                    if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                    bytes.append(byte)
                }
                bytes.append(UInt8(ascii: "\""))
            }
        }
    }

    private static let formulaStarts: [UInt8] = Array("=+-@\t\r".utf8)
    /// The separator, quotes and line ends; spaces at the ends as well, which some readers drop.
    private static let quoted: [UInt8] = Array(",\"\r\n".utf8)
}
