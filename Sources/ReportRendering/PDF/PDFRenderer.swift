import KubernetesModel
package import ReportLayout
import ReportRecords

/// Makes a report's PDF: pages that leave as they fill, in any script that the fonts have.
///
/// Goes through the rows once to measure them, once more to count pages where rows differ in height or have groups, and
/// once to draw.
package enum PDFRenderer: ReportRenderer {
    package static func render(_ layout: TableLayout, rows: some RowSource, to descriptor: Int32) throws {
        let typesetter = try Typesetter(language: layout.locale.name)
        let natural = try PageFaces(typesetter)
        let survey = try ColumnSurvey(layout, rows: rows, natural)
        let geometry = PageGeometry(layout, survey.wishes)
        let scale = geometry.columns.scale
        let faces = scale == 1 ? natural : try PageFaces(typesetter, scale: scale)
        let text = TableText(layout, faces, geometry, survey.needs)
        var frame = PageFrame(layout, faces, geometry)

        let document = try PDFDocument(descriptor: descriptor, width: geometry.width, height: geometry.height)
        let identity = layout.identity
        document.describe(
            title: layout.title, author: "\(identity.namespace)/\(identity.pipeline ?? identity.name)",
            subject: layout.subtitle, keywords: identity.reportID, created: identity.publishedAt.description)
        let canvas = Canvas(document)
        var painter = ChartPainter(canvas, typesetter)
        let front = try FrontMatter(
            layout, survey.charts, faces, geometry, &painter, top: frame.bareTop, bottom: frame.bottom)
        let pages = PagePlan(text, frame, front, rowCount: survey.rowCount)
        frame.pageCount = try pages.count(rows)

        let composer = PageComposer(document, canvas, text, frame, front, painter)
        try composer.begin()
        try pages.forEachEvent(rows) { try composer.take($0) }
        guard document.pageNumber == frame.pageCount + 1 else {
            throw RenderError(.rows, "they changed while the PDF was made")
        }
        try document.finish()
    }
}
