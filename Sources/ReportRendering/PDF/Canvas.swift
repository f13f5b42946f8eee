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
    private var glyphs: [cairo_glyph_t] = []
    private var clusters: [cairo_text_cluster_t] = []
    private var text: [UInt8] = []
    private var hairlines: [(x: Double, y: Double, width: Double, height: Double)] = []
    private var hairlineInk = Ink.text

    init(_ document: PDFDocument) { context = document.context }

    /// Draws a text on one line. `x`: where that side of it stands.
    func show(
        _ text: String, _ face: Typeface, _ ink: Ink = .text, at side: Side = .left, x: Double, baseline: Double
    ) {
        let kind = PrintableText.kind(of: text)
        if kind == .figures, showFigures(text, face, ink, at: side, x: x, baseline: baseline) { return }
        let shape = face.shape(text, kind)
        let left = x - shape.width * side.rawValue
        if let shaped = shape.glyphs {
            use(face, ink)
            for (scalar, glyph) in zip(text.unicodeScalars, shaped) {
                append(glyph.index, x: left + Double(glyph.x), y: baseline, byteCount: UTF8.width(scalar))
            }
            self.text.append(contentsOf: text.utf8)
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
                for glyph in shaped {
                    append(glyph.index, x: left + glyph.x, y: y, byteCount: glyph.bytes.count)
                    self.text.append(contentsOf: bytes[glyph.bytes])
                }
            } else {
                flush()
                set(ink)
                show(line, x: left, baseline: y)
            }
        }
    }

    /// Draws what waits. To be called before anything else is drawn by the context.
    func flush() {
        guard let face, !glyphs.isEmpty else { return }
        set(ink)
        cairo_set_scaled_font(context, face.scaledFont)
        text.withUnsafeBytes { bytes in
            cairo_show_text_glyphs(
                context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), glyphs,
                Int32(glyphs.count), clusters, Int32(clusters.count), cairo_text_cluster_flags_t(0))
        }
        glyphs.removeAll(keepingCapacity: true)
        clusters.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
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

    /// Digits at their advances: they stand below each other in a column whatever is beside them. False where the font
    /// hasn't got one.
    private func showFigures(
        _ text: String, _ face: Typeface, _ ink: Ink, at side: Side, x: Double, baseline: Double
    ) -> Bool {
        use(face, ink)
        let first = glyphs.count
        var width = 0.0
        for scalar in text.unicodeScalars {
            guard let single = face.single(scalar) else {
                glyphs.removeSubrange(first...)
                clusters.removeSubrange(first...)
                return false
            }
            append(single.index, x: width, y: baseline, byteCount: UTF8.width(scalar))
            width += single.advance
        }
        let left = x - width * side.rawValue
        for place in first..<glyphs.count { glyphs[place].x += left }
        self.text.append(contentsOf: text.utf8)
        return true
    }

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

    private func append(_ index: UInt32, x: Double, y: Double, byteCount: Int) {
        glyphs.append(cairo_glyph_t(index: UInt(index), x: x, y: y))
        clusters.append(cairo_text_cluster_t(num_bytes: Int32(byteCount), num_glyphs: 1))
    }
}
