import CPangoCairo
import ReportLayout

/// Draws a chart's shapes on a page.
struct ChartPainter {
    let canvas: Canvas
    let typesetter: Typesetter
    private var faces: [FaceKey: Typeface] = [:]

    private struct FaceKey: Hashable {
        var size: Double
        var isBold: Bool
    }

    init(_ canvas: Canvas, _ typesetter: Typesetter) {
        self.canvas = canvas
        self.typesetter = typesetter
    }

    /// The chart as it will be drawn, with labels that have room in these fonts.
    mutating func drawing(
        _ chart: TableLayout.Chart, data: ChartData, layout: TableLayout, width: Double, height: Double
    ) throws(RenderError) -> ChartDrawing {
        var failure: RenderError?
        let drawing = ChartDrawing(chart, data: data, layout: layout, width: width, height: height) {
            text, size, isBold in
            do throws(RenderError) {
                return try face(size, isBold: isBold).estimatedWidth(of: PrintableText.line(text))
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return drawing
    }

    mutating func draw(_ drawing: ChartDrawing, x: Double, y: Double) throws(RenderError) {
        canvas.flush()
        let context = canvas.context
        for shape in drawing.shapes {
            switch shape {
            case .line(let from, let to, let width, let role):
                stroke([from, to], width: width, dashes: [], role, x: x, y: y)
            case .rectangle(let at, let width, let height, let role):
                canvas.fill([(x + at.x, y + at.y, width, height)], ink(role))
            case .polyline(let points, let width, let dashes, let role):
                stroke(points, width: width, dashes: dashes, role, x: x, y: y)
            case .polygon(let points, let role):
                canvas.flush()
                canvas.set(ink(role))
                trace(points, x: x, y: y)
                cairo_close_path(context)
                cairo_fill(context)
            case .text(let text):
                canvas.show(
                    PrintableText.line(text.text), try face(text.size, isBold: text.isBold), ink(text.role),
                    at: side(text.anchor), x: x + text.at.x, baseline: y + text.at.y)
            }
        }
    }

    private func stroke(
        _ points: [ChartDrawing.Point], width: Double, dashes: [Double], _ role: ChartDrawing.Role, x: Double, y: Double
    ) {
        canvas.flush()
        let context = canvas.context
        canvas.set(ink(role))
        cairo_set_line_width(context, width)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        cairo_set_dash(context, dashes, Int32(dashes.count), 0)
        trace(points, x: x, y: y)
        cairo_stroke(context)
        cairo_set_dash(context, nil, 0, 0)
    }

    private func trace(_ points: [ChartDrawing.Point], x: Double, y: Double) {
        for (place, point) in points.enumerated() {
            if place == 0 {
                cairo_move_to(canvas.context, x + point.x, y + point.y)
            } else {
                cairo_line_to(canvas.context, x + point.x, y + point.y)
            }
        }
    }

    private mutating func face(_ size: Double, isBold: Bool) throws(RenderError) -> Typeface {
        let key = FaceKey(size: size, isBold: isBold)
        if let face = faces[key] { return face }
        let face = try Typeface(typesetter, size: size, isBold: isBold)
        faces[key] = face
        return face
    }

    private func ink(_ role: ChartDrawing.Role) -> Canvas.Ink {
        let color = role.color
        return Canvas.Ink(
            red: Double(color.red) / 255, green: Double(color.green) / 255, blue: Double(color.blue) / 255)
    }

    private func side(_ anchor: ChartDrawing.Anchor) -> Canvas.Side {
        switch anchor {
        case .start: .left
        case .middle: .middle
        case .end: .right
        }
    }
}
