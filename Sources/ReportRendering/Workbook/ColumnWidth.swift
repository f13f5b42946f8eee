import ReportLayout
import ReportRecords

/// How wide a column must be for what was written into it, found while it is written.
struct ColumnWidth {
    private let column: TableColumn
    /// Of texts, in characters.
    private var widest = 0
    private var lowest = 0.0
    private var highest = 0.0
    private var places = 0
    /// Dates that were looked at: months' names differ, though not by much.
    private var dates = 0

    init(_ column: TableColumn) { self.column = column }

    mutating func take(text width: Int) { if width > widest { widest = width } }

    mutating func take(number: Double, places: Int = 0) {
        if number < lowest { lowest = number }
        if number > highest { highest = number }
        if places > self.places { self.places = places }
    }

    mutating func take(date value: ResultValue) {
        guard dates < 100 else { return }
        dates += 1
        take(text: column.format.text(of: value).text.count)
    }

    /// In characters.
    var characters: Double {
        if let width = column.width { return Double(width) }
        let numbers = [lowest, highest].map { number in
            let whole = String(Int64(max(-1e18, min(1e18, number.rounded()))))
            let formatted = column.format.text(of: .double(number)).text.count
            let general = whole.utf8.count + whole.utf8.count / 3 + (places > 0 ? 1 + min(places, 15) : 0)
            // Without a code each number has as many places as its value.
            return number == 0 ? 0 : column.format.code == nil ? general : formatted
        }
        // The heading is wrapped where it is longer, and has the filter's button beside it.
        let heading = min(CellText(column.title).width, 30) + 3
        return Double(max(heading, min(widest, 60), min(numbers.max() ?? 0, 100), 4)) + 1
    }
}
