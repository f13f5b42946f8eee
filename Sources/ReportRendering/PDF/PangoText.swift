import CPangoCairo

/// A layout of pango's, used for one text after another: the one owner of it.
///
/// What is told of a text holds until the next one is set.
final class PangoText {
    private let typesetter: Typesetter
    private let layout: OpaquePointer

    /// A glyph where it stands on its line, and the bytes of the text that it stands for.
    struct Glyph {
        var index: UInt32
        var x: Double
        var bytes: Range<Int>
    }

    init(_ typesetter: Typesetter, families: String, size: Double, isBold: Bool) throws(RenderError) {
        guard let layout = pango_layout_new(typesetter.context), let font = pango_font_description_new(),
            let attributes = pango_attr_list_new()
        else { throw RenderError(.library, "pango gives no layout") }
        self.typesetter = typesetter
        self.layout = layout
        pango_font_description_set_family(font, families)
        pango_font_description_set_weight(font, isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_absolute_size(font, size * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        pango_font_description_free(font)
        // Without ligatures each letter is a glyph, and a reader's search finds "profit".
        pango_attr_list_insert(attributes, pango_attr_font_features_new("liga=0, clig=0"))
        // A code that is broken must not gain a character.
        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
        pango_layout_set_attributes(layout, attributes)
        pango_attr_list_unref(attributes)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

    /// `width`: where lines are broken; nil: only where the text has a break.
    func set(_ text: String, width: Double? = nil) {
        typesetter.countText()
        pango_layout_set_width(layout, width.map { Int32(($0 * Double(PANGO_SCALE)).rounded(.up)) } ?? -1)
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                pango_layout_set_text(layout, $0.baseAddress, Int32(clamping: $0.count))
            }
        }
    }

    var lineCount: Int { Int(pango_layout_get_line_count(layout)) }

    /// Of the widest line.
    var width: Double {
        var extents = PangoRectangle()
        pango_layout_get_extents(layout, nil, &extents)
        return Double(extents.width) / Double(PANGO_SCALE)
    }

    func forEachLine(_ body: (Line) -> Void) {
        var next = pango_layout_get_lines_readonly(layout)
        while let item = next {
            if let data = item.pointee.data { body(Line(line: data.assumingMemoryBound(to: PangoLayoutLine.self))) }
            next = item.pointee.next
        }
    }

    struct Line {
        fileprivate let line: UnsafeMutablePointer<PangoLayoutLine>

        var width: Double {
            var extents = PangoRectangle()
            pango_layout_line_get_extents(line, nil, &extents)
            return Double(extents.width) / Double(PANGO_SCALE)
        }

        var isRightToLeft: Bool { line.pointee.resolved_dir == PANGO_DIRECTION_RTL.rawValue }

        /// The font of its first run.
        var font: UnsafeMutablePointer<PangoFont>? {
            line.pointee.runs?.pointee.data?.assumingMemoryBound(to: PangoGlyphItem.self)
                .pointee.item?.pointee.analysis.font
        }

        /// Draws it with all that pango can, at the context's point and in its colour.
        func show(in context: OpaquePointer) { pango_cairo_show_layout_line(context, line) }

        /// Its glyphs from left to right; nil where another font or an unknown glyph is among them.
        ///
        /// Only for texts that run from left to right with a glyph a character.
        func glyphs(of font: UnsafeMutablePointer<PangoFont>) -> [Glyph]? {
            var result: [Glyph] = []
            var x = 0.0
            var next = line.pointee.runs
            while let cell = next {
                guard let run = cell.pointee.data?.assumingMemoryBound(to: PangoGlyphItem.self).pointee,
                    let item = run.item?.pointee, let string = run.glyphs?.pointee, item.analysis.font == font
                else { return nil }
                for place in 0..<Int(string.num_glyphs) {
                    let glyph = string.glyphs[place]
                    let first = Int(string.log_clusters[place])
                    let end = place + 1 < string.num_glyphs ? Int(string.log_clusters[place + 1]) : Int(item.length)
                    guard glyph.glyph & PangoGlyph(PANGO_GLYPH_UNKNOWN_FLAG) == 0 else { return nil }
                    if glyph.glyph != PangoGlyph(PANGO_GLYPH_EMPTY) {
                        let offset = Int(item.offset)
                        result.append(
                            Glyph(
                                index: glyph.glyph, x: x + Double(glyph.geometry.x_offset) / Double(PANGO_SCALE),
                                bytes: offset + first..<offset + end))
                    }
                    x += Double(glyph.geometry.width) / Double(PANGO_SCALE)
                }
                next = cell.pointee.next
            }
            return result
        }
    }
}
