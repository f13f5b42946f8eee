import KubernetesModel
package import ReportLayout

/// A page for browsers and mail programs that prints well: one file without script, in which nothing is loaded from
/// elsewhere.
package enum HTMLRenderer: ReportRenderer {
    package static func render(_ layout: TableLayout, rows: some RowSource, to descriptor: Int32) throws {
        var sink = ByteSink(descriptor: descriptor)
        try sink.write(Self.head(of: layout))
        for (chart, data) in zip(layout.charts, try rows.chartData(of: layout)) where data.rowCount > 0 {
            try sink.write(Self.figure(chart, data, in: layout))
        }
        let table = HTMLTable(layout, in: .document)
        var text: [UInt8] = Array("<div class=\"table\">\n".utf8)
        table.appendBegin(to: &text)
        var isEmpty = true
        try rows.forEachLine(of: layout) { line in
            isEmpty = false
            table.append(line, to: &text)
            try sink.write(text)
            text.removeAll(keepingCapacity: true)
        }
        table.appendEnd(to: &text)
        text += "</div>\n".utf8
        if isEmpty { text += Self.paragraph(layout.empty, "margin:12px 5px").utf8 }
        try sink.write(text)
        try sink.write(Self.foot(of: layout))
        try sink.flush()
    }

    /// The first rows for the body of a mail, which has title and greeting of its own: a piece of HTML, styled in each
    /// element, since mail programs throw style sheets away.
    package static func preview(_ preview: TablePreview) -> String {
        guard !preview.lines.isEmpty else { return paragraph(preview.layout.empty, "margin:0 0 12px") }
        let table = HTMLTable(preview.layout, in: .mail)
        var text: [UInt8] = []
        table.appendBegin(to: &text)
        for line in preview.lines { table.append(line, to: &text) }
        table.appendEnd(to: &text)
        return String(decoding: text, as: UTF8.self)
            + preview.sentences().map { paragraph($0, "margin:12px 0 0;color:#666") }.joined()
    }

    private static func head(of layout: TableLayout) -> String {
        var text = """
            <!DOCTYPE html>
            <html lang="\(HTMLText.onOneLine(layout.locale.name))">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTMLText.onOneLine(layout.title))</title>
            <style>
            \(HTMLStyle.sheet(of: layout))
            </style>
            </head>
            <body style="margin:0;padding:16px;font-family:Helvetica,Arial,sans-serif;font-size:14px;line-height:1.35">
            <h1 dir="auto" style="font-size:20px;line-height:1.2;margin:0 0 4px">\(HTMLText.escaped(layout.title))</h1>

            """
        if let subtitle = layout.subtitle { text += paragraph(subtitle, "margin:0 0 4px;font-size:15px") }
        text += paragraph(layout.asOfLine, "margin:0 0 16px;color:#666")
        return text
    }

    private static func figure(_ chart: TableLayout.Chart, _ data: ChartData, in layout: TableLayout) -> String {
        if let sentence = data.sentence(chart, in: layout) { return paragraph(sentence, "margin:0 0 16px") }
        let drawing = ChartDrawing(chart, data: data, layout: layout, width: 500, height: 210)
        return """
            <div class="chart" style="margin:0 0 20px">
            \(ChartSVG.text(drawing, words: data.words(chart, in: layout)))</div>

            """
    }

    private static func foot(of layout: TableLayout) -> String {
        let identity = layout.identity
        let source = "\(identity.namespace)/\(identity.name) · \(identity.reportID)"
        return (layout.notes.map { paragraph($0, "margin:16px 0 0;max-width:60em") } ?? "")
            + paragraph("\(layout.asOfLine) · \(source)", "margin:16px 0 0;font-size:12px;color:#666")
            + "</body>\n</html>\n"
    }

    static func paragraph(_ text: String, _ style: String) -> String {
        "<p dir=\"auto\" style=\"\(style)\">\(HTMLText.escaped(text))</p>\n"
    }
}
