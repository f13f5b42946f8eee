package import KubernetesModel
import ReportLayout
package import ReportRecords

/// Rows as an answer, piece by piece: `begin`, then `append` for each row, then `end`. What is written is taken away with
/// `takeBytes`, so that a report of any length takes the memory of its rows in flight.
///
/// Numbers keep every digit: decimals, and integers beyond 2^53, are texts in JSON. Days aren't shifted by any zone.
package struct RowsWriter {
    package enum Format: String, Sendable, CaseIterable {
        case json, csv

        package var mediaType: String {
            switch self {
            case .json: "application/json"
            case .csv: "text/csv; charset=utf-8; header=present"
            }
        }
    }

    private let format: Format
    private let columns: [ColumnView]
    private let kinds: [TableColumn.Kind]
    private var check: ColumnCheck
    private var json = JSONWriter(reserving: 4096)
    private var csv: [UInt8] = []

    /// `first`: the number of the first row, from 0, of its report's.
    package init(_ format: Format, columns: [ColumnView], from first: Int = 0) {
        self.format = format
        check = ColumnCheck(columns.map { ReportResult.Column(name: $0.name, type: $0.type) }, after: first)
        self.columns = columns
        kinds = columns.map { TableColumn.Kind(published: $0.type) }
    }

    /// What was written since the last call.
    package mutating func takeBytes() -> [UInt8] {
        switch format {
        case .json: return json.takeBytes()
        case .csv:
            defer { csv.removeAll(keepingCapacity: true) }
            return csv
        }
    }

    /// How much waits to be taken.
    package var byteCount: Int { format == .json ? json.bytes.count : csv.count }

    package mutating func begin(reportID: String? = nil, asOf: Timestamp? = nil) {
        switch format {
        case .json:
            json.beginObject()
            json.member("reportID", reportID)
            json.member("asOf", asOf)
            json.member("columns", columns)
            json.key("rows")
            json.beginArray()
        case .csv: CSVText.download.appendHeader(columns.map(\.name), to: &csv)
        }
    }

    /// A row with fewer values than there are columns has nulls at its end; more of them are left out.
    package mutating func append(_ row: [ResultValue]) {
        switch format {
        case .json:
            check.take(row)
            json.beginArray()
            for (place, kind) in kinds.enumerated() { write(place < row.count ? row[place] : .null, kind) }
            json.endArray()
        case .csv:
            let cells = kinds.enumerated().map { place, kind in
                place < row.count ? Self.cell(row[place], kind) : .null
            }
            CSVText.download.appendRow(cells, to: &csv)
        }
    }

    /// `next`: the cursor of what follows. `total`: how many rows there are. What didn't fit its column is said, too.
    package mutating func end(next: String? = nil, total: Int? = nil) {
        guard format == .json else { return }
        json.endArray()
        json.member("warning", check.sentence)
        json.member("next", next)
        json.member("total", total)
        json.endObject()
    }

    private static let greatestExact: Int64 = 1 << 53

    private mutating func write(_ value: ResultValue, _ kind: TableColumn.Kind) {
        switch value {
        case .null: json.null()
        case .bool(let flag): json.value(flag)
        case .integer(let number):
            if number.magnitude <= UInt64(Self.greatestExact) {
                json.value(number)
            } else {
                json.value(String(number))
            }
        case .double(let number):
            // JSON has neither NaN nor infinities; a text says which it was.
            if number.isFinite { json.value(JSONValue.number(number)) } else { json.value("\(number)") }
        case .decimal(let decimal): json.value(decimal.description)
        case .string(let text), .other(let text): json.value(text)
        case .date: json.value(Self.text(value, kind))
        }
    }

    private static func cell(_ value: ResultValue, _ kind: TableColumn.Kind) -> ResultValue {
        guard case .date = value else { return value }
        return .string(text(value, kind))
    }

    /// Of a date, as its column has it: a day, a month or a moment.
    private static func text(_ value: ResultValue, _ kind: TableColumn.Kind) -> String {
        guard case .date(let milliseconds) = value else { return value.description }
        switch kind {
        case .date, .month:
            let day = "\(CalendarDate(daysSinceEpoch: milliseconds.floored(by: 86_400_000)))"
            return kind == .month ? String(day.dropLast(3)) : day
        case .timestamp:
            let seconds = milliseconds.floored(by: 1000)
            let fraction = milliseconds.remainder(by: 1000)
            let moment = "\(Timestamp(seconds: seconds))"
            return fraction == 0 ? moment : "\(moment.dropLast()).\(fraction.padded(to: 3))Z"
        case .string, .integer, .decimal, .double, .boolean: return value.description
        }
    }
}
