package import Calendars
import KubernetesModel
package import ReportAPI
package import ReportRecords

extension TableLayout {
    /// Brings a layout together with what was published. Without one: a plain table of all columns.
    ///
    /// `parameters` are those that the pipeline declares: one of them without a value is an empty text. Where they aren't
    /// known, a placeholder without a value is a fault.
    package init(
        spec: LayoutSpec?, result: ReportResult, identity: ReportIdentity, pipelineTitle: String?,
        parameters: [ParameterSpec]? = nil, zone: ZoneRules, zoneName: String
    ) throws(LayoutFaults) {
        let spec = spec ?? LayoutSpec()
        let locale = spec.locale.flatMap(ReportLocale.named) ?? .american
        func text(_ text: String) -> String {
            (try? PlaceholderText(text))?.text(of: identity) ?? text
        }

        var columns = PublishedColumns(result, locale: locale, zone: zone)
        columns.faults = LayoutCheck.faults(
            in: spec, placeholders: parameters?.map(\.name) ?? identity.parameters.keys.sorted(), at: "spec.report")
        for (index, column) in (spec.columns ?? []).enumerated() {
            columns.show(column, title: column.title.map(text), at: "spec.report.columns[\(index)]")
        }
        let groupBy = (spec.groupBy ?? []).enumerated().compactMap {
            columns.place(of: $1, "spec.report.groupBy[\($0)]")
        }
        let charts = (spec.charts ?? []).enumerated().compactMap { index, chart in
            columns.chart(chart, title: chart.title.map(text), at: "spec.report.charts[\(index)]")
        }
        guard columns.faults.isEmpty else { throw LayoutFaults(messages: columns.faults) }

        let title = spec.title.map(text) ?? pipelineTitle ?? identity.pipeline ?? identity.name
        self.init(
            identity: identity, title: title.onOneLine, subtitle: spec.subtitle.map { text($0).onOneLine },
            notes: spec.notes.map(text), empty: spec.empty.map(text) ?? locale.words.noRows,
            locale: locale, zone: zone, zoneName: zoneName,
            pageSize: spec.page?.size.flatMap(PageSize.init(rawValue:)) ?? .a4,
            orientation: spec.page?.orientation.flatMap(Orientation.init(rawValue:)),
            published: columns.published, shown: spec.columns == nil ? Array(columns.published.indices) : columns.shown,
            groupBy: groupBy, grandTotal: spec.grandTotal ?? true, charts: charts, rowCount: result.rows)
    }
}

/// The columns of a result while a layout is laid over them.
private struct PublishedColumns {
    private let result: ReportResult
    /// By the bytes of their names, which are others' texts.
    private let places: [[UInt8]: Int]
    var published: [TableColumn]
    var shown: [Int] = []
    var faults: [String] = []

    init(_ result: ReportResult, locale: ReportLocale, zone: ZoneRules) {
        self.result = result
        published = result.columns.map { column in
            let kind = TableColumn.Kind(published: column.type)
            return TableColumn(
                name: column.name, title: column.name.onOneLine, kind: kind,
                format: ValueFormat(code: nil, kind: kind, locale: locale, zone: zone))
        }
        places = Dictionary(
            result.columns.enumerated().map { (Array($1.name.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func place(of name: String, _ field: String) -> Int? {
        if let place = places[Array(name.utf8)] { return place }
        let names = result.columns.isEmpty ? "none" : result.columns.map(\.name).joined(separator: ", ")
        faults.append(
            "\(field): \"\(name.head(bytes: 64))\" is not among the columns that were published; there are "
                + names.head(bytes: 1024))
        return nil
    }

    mutating func show(_ column: LayoutSpec.Column, title: String?, at field: String) {
        guard let place = place(of: column.name, "\(field).name") else { return }
        shown.append(place)
        if let title { published[place].title = title.onOneLine }
        published[place].width = column.width
        published[place].total = column.total.flatMap(TableColumn.Total.init(rawValue:)) ?? .none
        if published[place].total == .sum, !published[place].kind.isNumber {
            faults.append("\(field).total: \(says(place)), which has no sum; leave the total out, or write none")
        }
        guard let text = column.format, let code = try? FormatCode(text) else { return }
        let format = published[place].format
        published[place].format = ValueFormat(code: code, kind: format.kind, locale: format.locale, zone: format.zone)
        // What was published without a type that is known may be a number or a date all the same.
        let isKnown = format.kind != .string || result.columns[place].type == TableColumn.Kind.string.rawValue
        if isKnown, let obstacle = code.obstacle(for: format.kind) {
            faults.append("\(field).format: \(says(place)); \(obstacle)")
        }
    }

    mutating func chart(_ chart: LayoutSpec.Chart, title: String?, at field: String) -> TableLayout.Chart? {
        let x = place(of: chart.x, "\(field).x")
        var y: [Int] = []
        for (index, name) in chart.series.enumerated() {
            guard let place = place(of: name, "\(field).series[\(index)]") else { continue }
            if !published[place].kind.isNumber {
                faults.append("\(field).series[\(index)]: \(says(place)); a chart draws numbers alone")
            }
            y.append(place)
        }
        guard let x, let kind = TableLayout.Chart.Kind(rawValue: chart.type) else { return nil }
        return TableLayout.Chart(kind: kind, title: title?.onOneLine, x: x, y: y)
    }

    /// `"account" was published as string`
    private func says(_ place: Int) -> String {
        let column = result.columns[place]
        return "\"\(column.name.head(bytes: 64))\" was published "
            + (column.type.map { "as \($0.head(bytes: 64))" } ?? "without a type")
    }
}
