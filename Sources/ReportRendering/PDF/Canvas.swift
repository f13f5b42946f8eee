import CPangoCairo

/// Draws on the pages of a document. Text of the base font is gathered and leaves in one call, in the order it came.
///
/// Points from the page's upper left corner.
final class Canvas {
    struct Ink: Equatable {
        var red: Double
        var green: Double
        var blue: Double

        static func grey(_ value: Double) -> Ink { Ink(red: value, green: value, blue: value) }
        static let text = grey(0.1)
        static let quiet = grey(0.42)
        static let alarm = Ink(red: 0.72, green: 0.07, blue: 0.07)
    }

    enum Side: Double {
        case left = 0
        case middle = 0.5
        case right = 1
    }

    let context: OpaquePointer
    /// What the gathered glyphs are drawn with.
    private var face: Typeface?
    private var ink = Ink.text
    private var batch = GlyphBatch()
    private var hairlines: [(x: Double, y: Double, width: Double, height: Double)] = []
    private var hairlineInk = Ink.text

    init(_ document: PDFDocument) { context = document.context }

    /// Draws a text on one line. `x`: where that side of it is.
    func show(
        _ text: String, _ face: Typeface, _ ink: Ink = .text, at side: Side = .left, x: Double, baseline: Double
    ) {
        let kind = PrintableText.kind(of: text)
        if kind == .figures {
            use(face, ink)
            if batch.append(figures: text, face, at: side, x: x, baseline: baseline) { return }
        }
        let shape = face.shape(text, kind)
        let left = x - shape.width * side.rawValue
        if let shaped = shape.glyphs {
            use(face, ink)
            batch.append(text, shaped, x: left, baseline: baseline)
        } else {
            flush()
            set(ink)
            face.forEachLine(of: text, in: nil) { show($0, x: left, baseline: baseline) }
        }
    }

    /// Draws some of the lines that a text has in that width, the first at `baseline`.
    func show(
        _ text: String, _ face: Typeface, _ ink: Ink = .text, at side: Side = .left, x: Double, width: Double,
        lines: Range<Int>, baseline: Double
    ) {
        guard face.lineCount(of: text, in: width) > 1 else {
            return show(text, face, ink, at: side, x: x + width * side.rawValue, baseline: baseline)
        }
        let isPlain = PrintableText.kind(of: text) != .complex
        let bytes = isPlain ? Array(text.utf8) : []
        var place = 0
        face.forEachLine(of: text, in: width) { line in
            defer { place += 1 }
            guard lines.contains(place) else { return }
            let share = side == .left && line.isRightToLeft ? Side.right.rawValue : side.rawValue
            let left = x + (width - line.width) * share
            let y = baseline + Double(place - lines.lowerBound) * face.leading
            if isPlain, let shaped = line.glyphs(of: face.font) {
                use(face, ink)
                batch.append(shaped, of: bytes, x: left, baseline: y)
            } else {
                flush()
                set(ink)
                show(line, x: left, baseline: y)
            }
        }
    }

    /// Draws what waits. To be called before anything else is drawn by the context.
    func flush() {
        guard let face else { return }
        set(ink)
        batch.show(in: context, face.scaledFont)
    }

    func rule(fromX left: Double, toX right: Double, y: Double, thickness: Double, _ ink: Ink) {
        fill([(left, y - thickness / 2, right - left, thickness)], ink)
    }

    /// A thin line which waits until the page's other hairlines are drawn: a call a line would double the work.
    func hairline(fromX left: Double, toX right: Double, y: Double, _ ink: Ink) {
        hairlines.append((left, y - 0.125, right - left, 0.25))
        hairlineInk = ink
    }

    func flushHairlines() {
        fill(hairlines, hairlineInk)
        hairlines.removeAll(keepingCapacity: true)
    }

    /// Rectangles as x, y, width and height.
    func fill(_ rectangles: [(x: Double, y: Double, width: Double, height: Double)], _ ink: Ink) {
        guard !rectangles.isEmpty else { return }
        flush()
        set(ink)
        for area in rectangles { cairo_rectangle(context, area.x, area.y, area.width, area.height) }
        cairo_fill(context)
    }

    func set(_ ink: Ink) { cairo_set_source_rgb(context, ink.red, ink.green, ink.blue) }

    private func show(_ line: PangoText.Line, x: Double, baseline: Double) {
        cairo_move_to(context, x, baseline)
        line.show(in: context)
    }

    private func use(_ face: Typeface, _ ink: Ink) {
        guard face !== self.face || ink != self.ink else { return }
        flush()
        self.face = face
        self.ink = ink
    }
}
