import ReportLayout
import ReportRecords

/// The table of a report in HTML, line by line.
///
/// Alignment and padding are attributes of old, which each mail program keeps; in a mail's body, where a style sheet may be
/// thrown away, the lines between rows are in each cell.
struct HTMLTable {
    enum Place {
        /// A file of its own, whose style sheet is there.
        case document
        case mail
    }

    private struct Column {
        var column: TableColumn
        /// Place in a published row.
        var place: Int
        /// Opens a cell, without `>`.
        var cell: [UInt8]
    }

    private let layout: TableLayout
    private let columns: [Column]
    private let style: String
    /// How many columns precede the first one with a total.
    private let labelWidth: Int

    init(_ layout: TableLayout, in place: Place) {
        let style = place == .mail ? " style=\"border-bottom:1px solid #ddd;vertical-align:top\"" : ""
        self.layout = layout
        self.style = style
        columns = layout.shown.map { shown in
            let column = layout.published[shown]
            let attributes =
                column.kind.isNumber ? " align=\"right\" nowrap" : column.kind == .string ? "" : " nowrap"
            return Column(column: column, place: shown, cell: Array("<td\(attributes)\(style)".utf8))
        }
        labelWidth = columns.firstIndex { $0.column.total == .sum } ?? columns.count
    }

    func appendBegin(to bytes: inout [UInt8]) {
        bytes +=
            """
            <table cellpadding="5" cellspacing="0" border="0" style="border-collapse:collapse;font-size:13px;\
            font-variant-numeric:tabular-nums">

            """.utf8
        if columns.contains(where: { $0.column.width != nil }) {
            bytes += "<colgroup>".utf8
            for column in columns {
                bytes += (column.column.width.map { "<col style=\"width:\($0)ch\">" } ?? "<col>").utf8
            }
            bytes += "</colgroup>\n".utf8
        }
        bytes += "<thead><tr>".utf8
        for column in columns {
            let align = column.column.kind.isNumber ? "right" : "left"
            bytes +=
                """
                <th scope="col" align="\(align)" valign="bottom" style="border-bottom:2px solid #888" dir="auto">
                """.utf8
            HTMLText.append(column.column.title, to: &bytes)
            bytes += "</th>".utf8
        }
        bytes += "</tr></thead>\n<tbody>\n".utf8
    }

    func appendEnd(to bytes: inout [UInt8]) { bytes += "</tbody>\n</table>\n".utf8 }

    func append(_ line: TableLine, to bytes: inout [UInt8]) {
        switch line {
        case .row(let row):
            bytes += "<tr>".utf8
            for column in columns {
                bytes += column.cell
                append(column.column.format.text(of: row[column.place]), to: &bytes)
            }
            bytes += "</tr>\n".utf8
        case .heading(let level, let column, let value):
            bytes +=
                """
                <tr class="group"><th scope="rowgroup" colspan="\(max(1, columns.count))" align="left" dir="auto" \
                style="padding:\(level == 0 ? 14 : 8)px 5px 5px \(5 + 14 * level)px;border-bottom:1px solid #aaa">
                """.utf8
            HTMLText.append(layout.heading(column: column, value: value), to: &bytes)
            bytes += "</th></tr>\n".utf8
        case .subtotal(let level, let column, let value, let sums, _):
            let label = layout.subtotalLabel(column: column, value: value)
            append(sums, label: label, rule: "1px solid #888", indent: 5 + 14 * level, to: &bytes)
        case .total(let sums, _):
            append(sums, label: layout.locale.words.total, rule: "2px solid #888", indent: 5, to: &bytes)
        }
    }

    private func append(_ text: ValueFormat.Text, to bytes: inout [UInt8]) {
        if HTMLText.mayRunRightToLeft(text.text) { bytes += " dir=\"auto\"".utf8 }
        if text.isRed {
            bytes += "><span style=\"color:#b3001b\">".utf8
            HTMLText.append(text.text, to: &bytes)
            bytes += "</span></td>".utf8
        } else {
            bytes.append(UInt8(ascii: ">"))
            HTMLText.append(text.text, to: &bytes)
            bytes += "</td>".utf8
        }
    }

    /// The label precedes the first sum; on a line of its own where there is no room before it.
    private func append(
        _ sums: [ResultValue?], label: String, rule: String, indent: Int, to bytes: inout [UInt8]
    ) {
        let width = labelWidth == 0 ? columns.count : labelWidth
        bytes +=
            """
            <tr class="sum"><th scope="row" colspan="\(max(1, width))" align="left" dir="auto" \
            style="padding-left:\(indent)px;border-top:\(rule)">
            """.utf8
        HTMLText.append(label, to: &bytes)
        bytes += "</th>".utf8
        if labelWidth == 0 { bytes += "</tr>\n<tr class=\"sum\">".utf8 }
        for column in columns.dropFirst(labelWidth) {
            bytes += "<td align=\"right\" nowrap style=\"border-top:\(labelWidth == 0 ? "0" : rule)\"><b>".utf8
            if column.column.total == .sum {
                // What has no exact sum gets none that is wrong.
                let text = sums[column.place].map { column.column.format.text(of: $0) } ?? .init("–")
                if text.isRed { bytes += "<span style=\"color:#b3001b\">".utf8 }
                HTMLText.append(text.text, to: &bytes)
                if text.isRed { bytes += "</span>".utf8 }
            }
            bytes += "</b></td>".utf8
        }
        bytes += "</tr>\n".utf8
    }
}
