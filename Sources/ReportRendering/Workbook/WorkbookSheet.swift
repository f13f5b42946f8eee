internal import CXlsxWriter
import Glibc
import KubernetesModel
import ReportRecords

/// A sheet of a `WorkbookFile`, which owns the library's object. Rows are written from the top down, and in a row
/// cells from left to right.
///
/// The rows are written here, into the file that the library keeps for them: so a number has all digits that it was
/// published with (the library's 16 cut a double), a full disk is found at once, and it takes half the time.
final class WorkbookSheet {
    let pointer: UnsafeMutablePointer<lxw_worksheet>
    let name: String
    private let folder: String
    private var bytes: [UInt8] = []
    private var openRow: UInt32?
    private var rowNumber: [UInt8] = []
    private var columnNames: [[UInt8]] = []
    private static let capacity = 1 << 16

    init(_ pointer: UnsafeMutablePointer<lxw_worksheet>, name: String, folder: String) {
        self.pointer = pointer
        self.name = name
        self.folder = folder
        bytes.reserveCapacity(Self.capacity * 5 / 4)
    }

    /// Begins a row, which may have no cell. The level is that of its outline, of which Excel has seven.
    func beginRow(_ row: UInt32, level: Int = 0) throws(RenderError) {
        endRow()
        if bytes.count >= Self.capacity { try empty() }
        openRow = row
        rowNumber.removeAll(keepingCapacity: true)
        rowNumber.append(number: UInt64(row) + 1)
        append("<row r=\"")
        bytes += rowNumber
        let level = UInt8(min(level, 7))
        if level > 0 {
            append("\" outlineLevel=\"")
            bytes.append(UInt8(ascii: "0") + level)
            pointer.pointee.outline_row_level = max(pointer.pointee.outline_row_level, level)
        }
        append("\">")
        pointer.pointee.dim_rowmin = min(pointer.pointee.dim_rowmin, row)
        pointer.pointee.dim_rowmax = row
        pointer.pointee.dim_colmin = 0
    }

    private func endRow() {
        if openRow != nil { append("</row>") }
        openRow = nil
    }

    // Cells

    func write(_ number: Double, _ column: Int, _ format: WorkbookFormat?) {
        beginCell(column, format)
        append("><v>")
        append(number)
        append("</v></c>")
    }

    /// One that a cell holds: see `CellNumber`.
    func write(_ number: ExactDecimal, _ column: Int, _ format: WorkbookFormat?) {
        beginCell(column, format)
        append("><v>")
        bytes.append(number)
        append("</v></c>")
    }

    /// Always as text, whatever it begins with.
    func write(_ text: CellText, _ column: Int, _ format: WorkbookFormat?) {
        if text.isEmpty { return write(nil, column, format) }
        beginCell(column, format)
        append(text.hasOuterSpace ? " t=\"inlineStr\"><is><t xml:space=\"preserve\">" : " t=\"inlineStr\"><is><t>")
        text.write(to: &bytes)
        append("</t></is></c>")
    }

    func write(_ bool: Bool, _ column: Int, _ format: WorkbookFormat?) {
        beginCell(column, format)
        append(bool ? " t=\"b\"><v>1</v></c>" : " t=\"b\"><v>0</v></c>")
    }

    /// An empty cell, for its lines.
    func write(_ nothing: Never?, _ column: Int, _ format: WorkbookFormat?) {
        guard format != nil else { return }
        beginCell(column, format)
        append("/>")
    }

    func write(formula: String, value: Double, _ column: Int, _ format: WorkbookFormat?) {
        beginCell(column, format)
        append("><f>")
        CellText(formula).write(to: &bytes)
        append("</f><v>")
        append(value)
        append("</v></c>")
    }

    private func beginCell(_ column: Int, _ format: WorkbookFormat?) {
        while columnNames.count <= column { columnNames.append(Array(Self.columnName(columnNames.count).utf8)) }
        append("<c r=\"")
        bytes += columnNames[column]
        bytes += rowNumber
        bytes.append(UInt8(ascii: "\""))
        if let format {
            append(" s=\"")
            bytes.append(number: UInt64(format.index))
            bytes.append(UInt8(ascii: "\""))
        }
        if column > pointer.pointee.dim_colmax { pointer.pointee.dim_colmax = UInt16(column) }
    }

    private func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func append(_ number: Double) {
        if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 {
            bytes.append(ExactDecimal(whole))
        } else {
            bytes += "\(number)".utf8
        }
    }

    // The file

    private func empty() throws(RenderError) {
        let written = fwrite(bytes, 1, bytes.count, pointer.pointee.optimize_tmpfile)
        guard written == bytes.count else { throw fault }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Brings all rows to the disk, and tells their size.
    func flush() throws(RenderError) -> Int {
        endRow()
        try empty()
        let file = pointer.pointee.optimize_tmpfile
        guard fflush(file) == 0, ferror(file) == 0 else { throw fault }
        return ftello(file)
    }

    private var fault: RenderError {
        RenderError(.cannotWrite, "the folder for temporary files, \(folder): \(String(cString: strerror(errno)))")
    }

    func setWidth(_ width: Double, column: Int) {
        worksheet_set_column(pointer, UInt16(column), UInt16(column), min(width, 255), nil)
    }

    // Names

    /// `D7`
    static func cell(_ row: UInt32, _ column: Int) -> String { "\(columnName(column))\(row + 1)" }

    private static func columnName(_ column: Int) -> String {
        var letters = ""
        var rest = column + 1
        while rest > 0 {
            letters = String(UnicodeScalar(UInt8(ascii: "A") + UInt8((rest - 1) % 26))) + letters
            rest = (rest - 1) / 26
        }
        return letters
    }

    /// As formulas have it: `'Trial balance'`
    var quotedName: String { "'\(name.replacing("'", with: "''"))'" }
}

extension [UInt8] {
    mutating func append(number: UInt64) {
        var rest = number
        var power: UInt64 = 1
        while rest / power >= 10 { power *= 10 }
        while power > 0 {
            append(UInt8(ascii: "0") + UInt8(rest / power))
            rest %= power
            power /= 10
        }
    }

    /// As XML has a number: its digits, with a point or an exponent.
    fileprivate mutating func append(_ decimal: ExactDecimal) {
        guard decimal.significand <= UInt128(UInt64.max), (-18...0).contains(decimal.exponent) else {
            self += "\(decimal.isNegative ? "-" : "")\(decimal.significand)E\(decimal.exponent)".utf8
            return
        }
        let digits = UInt64(decimal.significand)
        if decimal.isNegative, digits > 0 { append(UInt8(ascii: "-")) }
        var power: UInt64 = 1
        for _ in 0..<(-decimal.exponent) { power *= 10 }
        append(number: digits / power)
        guard decimal.exponent < 0 else { return }
        append(UInt8(ascii: "."))
        var rest = digits % power
        while power > 1 {
            power /= 10
            append(UInt8(ascii: "0") + UInt8(rest / power))
            rest %= power
        }
    }
}
