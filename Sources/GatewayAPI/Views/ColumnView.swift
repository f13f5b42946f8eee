package import ReportAPI
package import ReportLayout
package import ReportRecords

/// A column of a result: as it was published, with what the pipeline's layout says of it.
package struct ColumnView: Hashable, Sendable, JSONWritable {
    package var name: String
    package var title: String?
    /// What the stage calls it.
    package var type: String?
    /// A number-format code of Excel's.
    package var format: String?
    /// Whether the layout wants its sum below the rows.
    package var isSummed: Bool

    package init(
        name: String, title: String? = nil, type: String? = nil, format: String? = nil, isSummed: Bool = false
    ) {
        self.name = name
        self.title = title
        self.type = type
        self.format = format
        self.isSummed = isSummed
    }

    /// `identity`: for the placeholders in titles.
    package static func columns(
        of result: ReportResult, layout: LayoutSpec? = nil, identity: ReportIdentity? = nil
    ) -> [ColumnView] {
        let shown = Dictionary((layout?.columns ?? []).map { ($0.name, $0) }) { first, _ in first }
        return result.columns.map { column in
            let spec = shown[column.name]
            return ColumnView(
                name: column.name, title: spec?.title.map { $0.resolved(identity) }, type: column.type,
                format: spec?.format, isSummed: spec?.total == "sum")
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("title", title)
            $0.member("type", type)
            $0.member("format", format)
            if isSummed { $0.member("total", "sum") }
        }
    }
}

extension String {
    /// With its placeholders filled, where they can be.
    func resolved(_ identity: ReportIdentity?) -> String {
        guard let identity, let text = try? PlaceholderText(self) else { return self }
        return text.text(of: identity)
    }
}
