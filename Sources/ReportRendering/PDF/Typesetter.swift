import CPangoCairo

/// The fonts of one document: the one owner of pango's font map and context.
///
/// The map is its own, since a shared one isn't safe on several threads.
final class Typesetter {
    let context: OpaquePointer
    /// How many texts pango was given. Each costs as much as the rest of a row, so most of a table's are to do without.
    private(set) var textCount = 0
    private let fontMap: OpaquePointer

    /// `language` decides between glyphs that Chinese and Japanese share, in the place of the process's environment.
    init(language: String) throws(RenderError) {
        guard let map = pango_cairo_font_map_new() else { throw RenderError(.library, "pango has no font map") }
        guard let context = pango_font_map_create_context(map) else {
            g_object_unref(UnsafeMutableRawPointer(map))
            throw RenderError(.library, "pango has no context")
        }
        fontMap = OpaquePointer(map)
        self.context = context
        // One unit is a point.
        pango_cairo_font_map_set_resolution(fontMap, 72)
        pango_context_set_language(context, pango_language_from_string(language))
        pango_context_set_round_glyph_positions(context, 0)
        // Widths mustn't depend on a device.
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(context, options)
        cairo_font_options_destroy(options)
    }

    func countText() { textCount += 1 }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(context))
        g_object_unref(UnsafeMutableRawPointer(fontMap))
    }
}
