import Calendars
import KubernetesModel
import ReportRecords

@testable import ReportLayout

/// A table with a column of each kind, and rows that have broken readers before.
struct TableSample {
    var layout: TableLayout
    var rows: [[ResultValue]]

    static let kinds: [(String, TableColumn.Kind)] = [
        ("currency", .string), ("account", .string), ("count", .integer), ("closing", .decimal), ("share", .double),
        ("open", .boolean), ("day", .date), ("month", .month), ("at", .timestamp),
    ]

    static let nasty = [
        "plain", "", " spaces ", "comma, \"quotes\"", "two\nlines", "two\r\nlines", "return\ralone", "tab\tinside",
        "\ttab",
        "\rreturn", "=1+1", "+49 30 1234", "-12", "@SUM(A1)", "'quoted", "=\u{301}combined", "ünïcödé €", "日本語",
        "שלום עולם",
        "مرحبا", "👩‍👩‍👧‍👦", "a\u{0}b", "bell\u{7}", "\u{1b}[31mred", "<script>alert(1)</script>", "\" onmouseover=\"x",
        "'><img src=x onerror=alert(1)>", "]]>", "--><!--", "</style></title></table>", "&lt;&amp;&#0;", "\u{202E}evil",
        "\u{FEFF}mark", "\u{FFFE}none", "\u{85}\u{9F}", "\u{2028}\u{2029}", "javascript:alert(1)", "0001", "1E5",
        "TRUE",
        "2026-10-31", "#REF!", "{=A1}", "|cmd", "%0a", "\\", "\\n", ";=1+1",
    ]

    init() {
        let locale = ReportLocale.american
        let published = Self.kinds.map { name, kind in
            TableColumn(
                name: name, title: name.uppercased(), kind: kind,
                format: ValueFormat(code: nil, kind: kind, locale: locale, zone: .utc),
                total: name == "closing" ? .sum : .none)
        }
        rows = Self.nasty.enumerated().map { place, text in
            [
                .string(place < 10 ? "EUR" : "USD"), .string(text), .integer(Int64(place) - 3),
                .decimal(
                    ExactDecimal(isNegative: place % 3 == 0, significand: UInt128(place) * 1_000_001, exponent: -2)),
                place == 5 ? .null : .double(Double(place) / 7), .bool(place % 2 == 0),
                .date(milliseconds: 86_400_000 * Int64(place) * 300), .string("2026-10"),
                .date(milliseconds: 1_793_448_000_123 + Int64(place)),
            ]
        }
        rows.append(
            [
                .string("USD"), .null, .integer(.min), .decimal(Self.largest), .null, .null, .null, .null, .null,
            ])
        layout = TableLayout(
            identity: ReportIdentity(
                reportID: "0b8f", namespace: "finance", name: "tb-2026-10", pipeline: "trial-balance", attempt: 2,
                publishedAt: Timestamp(seconds: 1_793_448_000), asOf: Timestamp(seconds: 1_793_447_000),
                requester: "dana@example.com", parameters: ["period": .string("2026-10")]),
            title: "Trial balance", empty: "No bookings.", locale: locale, zone: .utc, zoneName: "UTC", pageSize: .a4,
            published: published, shown: Array(published.indices), groupBy: [], charts: [], rowCount: rows.count)
    }

    /// 34 digits, as many as MongoDB keeps.
    static let largest = ExactDecimal(significand: 9_999_999_999_999_999_999_999_999_999_999_999, exponent: -2)

    var list: RowList { RowList(rows) }
}

/// Rows that are made when they are asked for, so that none is held.
struct MadeRows: RowSource {
    let count: Int
    let row: (Int) -> [ResultValue]

    func forEachRow(_ body: ([ResultValue]) throws -> Void) rethrows {
        for place in 0..<count { try body(row(place)) }
    }
}
