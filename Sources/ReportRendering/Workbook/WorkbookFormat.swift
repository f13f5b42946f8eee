internal import CXlsxWriter

/// A cell format of a workbook.
struct WorkbookFormat {
    /// By which cells name it.
    let index: Int

    struct Look: Hashable {
        /// Of a number.
        var code = "General"
        var isBold = false
        var isItalic = false
        var isRight = false
        /// Of a total.
        var hasTopLine = false
        var isHeading = false
        var isGrey = false
        /// In points; the library's own where nil.
        var size: Double?

        func set(_ format: UnsafeMutablePointer<lxw_format>) {
            if code != "General" { format_set_num_format(format, code) }
            if isBold { format_set_bold(format) }
            if isItalic { format_set_italic(format) }
            if isRight { format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue)) }
            if hasTopLine { format_set_top(format, UInt8(LXW_BORDER_THIN.rawValue)) }
            if isGrey { format_set_font_color(format, 0x4D4D4D) }
            if let size { format_set_font_size(format, size) }
            if isHeading {
                format_set_text_wrap(format)
                format_set_bg_color(format, 0xE8EDF2)
                format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
                format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
            }
        }
    }
}
