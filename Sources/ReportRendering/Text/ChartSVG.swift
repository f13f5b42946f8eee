import ReportLayout

/// A chart as SVG within HTML: no script, nothing from elsewhere.
enum ChartSVG {
    /// `words` is what it shows, for who can't see it.
    static func text(_ drawing: ChartDrawing, words: String) -> String {
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="\(HTMLText.onOneLine(words))" \
            viewBox="0 0 \(number(drawing.width)) \(number(drawing.height))" \
            width="\(number(drawing.width * 4 / 3))" font-family="Helvetica,Arial,sans-serif" \
            style="max-width:100%;height:auto;display:block;background:#fff">

            """
        for shape in drawing.shapes { text += element(shape) + "\n" }
        return text + "</svg>\n"
    }

    private static func element(_ shape: ChartDrawing.Shape) -> String {
        switch shape {
        case .line(let from, let to, let width, let role):
            return """
                <line x1="\(number(from.x))" y1="\(number(from.y))" x2="\(number(to.x))" y2="\(number(to.y))" \
                stroke="\(color(role))" stroke-width="\(number(width))"/>
                """
        case .rectangle(let at, let width, let height, let role):
            return """
                <rect x="\(number(at.x))" y="\(number(at.y))" width="\(number(width))" height="\(number(height))" \
                fill="\(color(role))"/>
                """
        case .polyline(let points, let width, let dashes, let role):
            let pattern =
                dashes.isEmpty
                ? "" : " stroke-dasharray=\"\(dashes.map { number($0) }.joined(separator: " "))\""
            return """
                <polyline points="\(list(points))" fill="none" stroke="\(color(role))" \
                stroke-width="\(number(width))" stroke-linejoin="round"\(pattern)/>
                """
        case .polygon(let points, let role):
            return "<polygon points=\"\(list(points))\" fill=\"\(color(role))\"/>"
        case .text(let text):
            return """
                <text x="\(number(text.at.x))" y="\(number(text.at.y))" font-size="\(number(text.size))" \
                text-anchor="\(text.anchor.rawValue)"\(text.isBold ? " font-weight=\"bold\"" : "") \
                fill="\(color(text.role))">\(HTMLText.onOneLine(text.text))</text>
                """
        }
    }

    private static func list(_ points: [ChartDrawing.Point]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    /// To a hundredth of a point.
    private static func number(_ value: Double) -> String {
        let hundredths = (value * 100).rounded() / 100
        return hundredths == hundredths.rounded() ? "\(Int(hundredths))" : "\(hundredths)"
    }

    private static func color(_ role: ChartDrawing.Role) -> String {
        let color = role.color
        return "#"
            + [color.red, color.green, color.blue].map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
    }
}
