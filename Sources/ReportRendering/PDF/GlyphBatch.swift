import CPangoCairo

/// Glyphs of one font and colour that wait to be drawn, with the text that they stand for.
struct GlyphBatch {
    private var glyphs: [cairo_glyph_t] = []
    /// How many bytes of the text each glyph stands for; of text in ASCII, one, and nobody needs to know.
    private var clusters: [cairo_text_cluster_t] = []
    private var text: [UInt8] = []
    private var isASCII = true

    /// A text of which each character is a glyph.
    mutating func append(_ text: String, _ shaped: [Typeface.Glyph], x: Double, baseline: Double) {
        for (scalar, glyph) in zip(text.unicodeScalars, shaped) {
            append(glyph.index, x: x + Double(glyph.x), y: baseline, byteCount: UTF8.width(scalar))
        }
        self.text.append(contentsOf: text.utf8)
    }

    /// Digits at their advances: they are aligned in a column whatever is beside them. False, and nothing
    /// done, where the font hasn't got one.
    mutating func append(
        figures text: String, _ face: Typeface, at side: Canvas.Side, x: Double, baseline: Double
    ) -> Bool {
        let first = glyphs.count
        var width = 0.0
        for scalar in text.unicodeScalars {
            guard let single = face.single(scalar) else {
                glyphs.removeSubrange(first...)
                if !isASCII { clusters.removeSubrange(first...) }
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

    /// A line of a broken text; `bytes`: of the whole text.
    mutating func append(_ line: [PangoText.Glyph], of bytes: [UInt8], x: Double, baseline: Double) {
        for glyph in line {
            append(glyph.index, x: x + glyph.x, y: baseline, byteCount: glyph.bytes.count)
            text.append(contentsOf: bytes[glyph.bytes])
        }
    }

    /// Draws them in the context's colour, and forgets them.
    mutating func show(in context: OpaquePointer, _ font: OpaquePointer) {
        guard !glyphs.isEmpty else { return }
        cairo_set_scaled_font(context, font)
        if isASCII {
            // cairo finds the characters again by the font, of several the lowest: faster, and right for these.
            cairo_show_glyphs(context, glyphs, Int32(glyphs.count))
        } else {
            text.withUnsafeBytes { bytes in
                cairo_show_text_glyphs(
                    context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), glyphs,
                    Int32(glyphs.count), clusters, Int32(clusters.count), cairo_text_cluster_flags_t(0))
            }
        }
        isASCII = true
        glyphs.removeAll(keepingCapacity: true)
        clusters.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ index: UInt32, x: Double, y: Double, byteCount: Int) {
        if isASCII, byteCount > 1 {
            isASCII = false
            clusters = Array(repeating: cairo_text_cluster_t(num_bytes: 1, num_glyphs: 1), count: glyphs.count)
        }
        glyphs.append(cairo_glyph_t(index: UInt(index), x: x, y: y))
        if !isASCII { clusters.append(cairo_text_cluster_t(num_bytes: Int32(byteCount), num_glyphs: 1)) }
    }
}
