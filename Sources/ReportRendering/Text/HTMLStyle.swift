import ReportLayout

/// What a browser adds to the styles of the elements: a narrow screen, and paper.
enum HTMLStyle {
    static func sheet(of layout: TableLayout) -> String {
        let landscape = layout.orientation ?? (layout.isWide ? .landscape : .portrait) == .landscape
        return """
            td,.sum th{border-bottom:1px solid #ddd}
            td{vertical-align:top;white-space:pre-wrap;overflow-wrap:break-word;max-width:40em}
            td[nowrap],th[nowrap]{white-space:pre}
            .table{overflow-x:auto}
            @page{size:\(layout.pageSize.rawValue.lowercasedSize) \(landscape ? "landscape" : "portrait");margin:15mm;\
            @bottom-right{content:counter(page) " / " counter(pages);font:9pt Helvetica,Arial,sans-serif}}
            @media print{body{padding:0 !important}.table{overflow:visible}thead{display:table-header-group}
            tr,.chart{break-inside:avoid;page-break-inside:avoid}.group{break-after:avoid;page-break-after:avoid}
            .sum{break-before:avoid;page-break-before:avoid}}
            """
    }
}

extension String {
    /// As CSS names it: `A4`, `letter`.
    fileprivate var lowercasedSize: String { hasPrefix("A") ? self : lowercased() }
}

extension TableLayout {
    /// Whether the columns ask for the broad side of the paper: about a hundred characters are on the narrow one.
    fileprivate var isWide: Bool {
        columns.reduce(0) { $0 + ($1.width ?? max(11, min(30, $1.title.count))) + 2 } > 100
    }
}
