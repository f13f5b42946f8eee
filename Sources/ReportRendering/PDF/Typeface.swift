import CPangoCairo

/// A font in one size and weight: measures texts and shapes them.
///
/// Its texts are such as `PrintableText.paragraphs` makes.
final class Typeface {
    /// The first that is there sets what it has; pango takes others for what it hasn't.
    private static let families = "Noto Sans, DejaVu Sans"
    /// As many results are kept before all are forgotten: enough for the names of a ledger.
    private static let capacity = 8192
    /// Texts above it are measured each time: they would fill the memory.
    private static let keptLength = 200

    let size: Double
    /// From one baseline to the next within a text.
    let leading: Double
    /// cairo's form of the base font.
    let scaledFont: OpaquePointer
    let font: UnsafeMutablePointer<PangoFont>

    private let typesetter: Typesetter
    private let line: PangoText
    private let block: PangoText
    private var single: [Unicode.Scalar: Single?] = [:]
    /// The same of the first 256 characters, without a dictionary.
    private let latin: [Single?]
    private var shapes: [String: Shape] = [:]
    private var lineCounts: [LineCountKey: Int] = [:]

    /// A character on its own.
    struct Single {
        var index: UInt32
        var advance: Double
    }

    /// A text on one line.
    struct Shape {
        /// One for each of the text's scalars; nil: pango has to draw it.
        var glyphs: [Glyph]?
        var width: Double
    }

    struct Glyph {
        var index: UInt32
        var x: Float
    }

    private struct LineCountKey: Hashable {
        var text: String
        var width: Double
    }

    init(_ typesetter: Typesetter, size: Double, isBold: Bool = false) throws(RenderError) {
        self.typesetter = typesetter
        self.size = size
        leading = (size * 1.3 * 4).rounded() / 4
        line = try PangoText(typesetter, families: Self.families, size: size, isBold: isBold)
        block = try PangoText(typesetter, families: Self.families, size: size, isBold: isBold)
        line.set("0")
        var found: UnsafeMutablePointer<PangoFont>?
        line.forEachLine { found = $0.font }
        guard let font = found, let scaledFont = pango_cairo_font_get_scaled_font(OpaquePointer(font)),
            cairo_scaled_font_status(scaledFont) == CAIRO_STATUS_SUCCESS
        else { throw RenderError(.library, "no font is there: install fonts-dejavu-core or fonts-noto-core") }
        self.font = font
        self.scaledFont = scaledFont
        g_object_ref(UnsafeMutableRawPointer(font))
        latin = Self.latin(line, font)
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(font)) }

    /// No character of common scripts is wider.
    var widestAdvance: Double { size * 1.1 }

    func advance(_ scalar: Unicode.Scalar) -> Double { single(scalar)?.advance ?? size * 0.6 }

    /// nil where the base font hasn't got it.
    func single(_ scalar: Unicode.Scalar) -> Single? {
        if scalar.value < 256 { return latin[Int(scalar.value)] }
        if let known = single[scalar] { return known }
        let found = lookUp(scalar)
        single[scalar] = .some(found)
        return found
    }

    /// All at once, a line each: to set them one by one takes longer than many a report.
    private static func latin(_ text: PangoText, _ font: UnsafeMutablePointer<PangoFont>) -> [Single?] {
        let scalars = (0x20...0xFF).filter { $0 < 0x7F || $0 >= 0xA0 && $0 != 0xAD }.map { Unicode.Scalar(UInt8($0)) }
        text.set(scalars.map { String($0) }.joined(separator: "\n"))
        var table = [Single?](repeating: nil, count: 256)
        var rest = scalars[...]
        text.forEachLine { line in
            guard let scalar = rest.popFirst(), let glyphs = line.glyphs(of: font), glyphs.count == 1 else { return }
            table[Int(scalar.value)] = Single(index: glyphs[0].index, advance: line.width)
        }
        return table
    }

    private func lookUp(_ scalar: Unicode.Scalar) -> Single? {
        guard scalar.value >= 0x20 else { return nil }
        line.set(String(scalar))
        var result: Single?
        line.forEachLine { line in
            guard let glyphs = line.glyphs(of: font), glyphs.count == 1 else { return }
            result = Single(index: glyphs[0].index, advance: line.width)
        }
        return result
    }

    /// The text on one line, all line breaks as they are.
    func shape(_ text: String, _ kind: PrintableText.Kind) -> Shape {
        if let known = shapes[text] { return known }
        line.set(text)
        var shape = Shape(glyphs: nil, width: line.width)
        if kind != .complex {
            line.forEachLine { line in
                let glyphs = line.glyphs(of: font)
                guard let glyphs, glyphs.count == text.unicodeScalars.count else { return }
                shape.glyphs = glyphs.map { Glyph(index: $0.index, x: Float($0.x)) }
            }
        }
        if text.utf8.count <= Self.keptLength {
            if shapes.count >= Self.capacity { shapes.removeAll(keepingCapacity: true) }
            shapes[text] = shape
        }
        return shape
    }

    /// The width on one line as it is set, with kerning, which brings some letters closer and others apart.
    func exactWidth(of text: String) -> Double {
        guard text.utf8.count < 2000 else { return .infinity }
        line.set(text)
        return line.width
    }

    /// The width on one line without kerning, by which the many texts of a column are compared; of figures it is exact.
    ///
    /// What is too long for any line is wide, no more.
    func estimatedWidth(of text: String) -> Double {
        guard text.utf8.count < 2000 else { return .infinity }
        if let width = widthOfASCII(text) { return width }
        var width = 0.0
        for scalar in text.unicodeScalars {
            guard scalar != "\n", PrintableText.isPlain(scalar), let single = single(scalar) else {
                return shape(text, .complex).width
            }
            width += single.advance
        }
        return width
    }

    /// The same of most texts, by their bytes; nil of others.
    private func widthOfASCII(_ text: String) -> Double? {
        var width = 0.0
        for byte in text.utf8 {
            guard byte >= 0x20, byte < 0x7F, let single = latin[Int(byte)] else { return nil }
            width += single.advance
        }
        return width
    }

    func lineCount(of text: String, in width: Double) -> Int {
        let key = LineCountKey(text: text, width: width)
        if let known = lineCounts[key] { return known }
        block.set(text, width: width)
        let count = block.lineCount
        if text.utf8.count <= Self.keptLength {
            if lineCounts.count >= Self.capacity { lineCounts.removeAll(keepingCapacity: true) }
            lineCounts[key] = count
        }
        return count
    }

    /// The text, or as much of it as fits into `most` lines, with an ellipsis that says that there is more.
    func cut(_ text: String, in width: Double, toLines most: Int) -> String {
        guard text.utf8.count > 4000 || lineCount(of: text, in: width) > most else { return text }
        // By scalars, since one character may have any number of them; no line has thousands.
        let scalars = Array(text.unicodeScalars.prefix(4000))
        func head(_ count: Int) -> String { String(String.UnicodeScalarView(scalars.prefix(count))) + "…" }
        var (fitting, tooLong) = (0, scalars.count + 1)
        while tooLong - fitting > 1 {
            let middle = (fitting + tooLong) / 2
            if lineCount(of: head(middle), in: width) <= most { fitting = middle } else { tooLong = middle }
        }
        return head(fitting)
    }

    /// The lines that the text has in that width, from the first; nil: one for each of its own.
    func forEachLine(of text: String, in width: Double?, _ body: (PangoText.Line) -> Void) {
        block.set(text, width: width)
        block.forEachLine(body)
    }

    /// The widest of the text's words, as it is set, or that width where none is wider: a word is set only to be compared with
    /// those that are about as wide.
    func widestWord(of text: String, beyond known: Double = 0) -> Double {
        var widest = known
        for word in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }) {
            guard Double(word.count) * widestAdvance > widest, case let word = String(Substring(word)) else { continue }
            let width = estimatedWidth(of: word)
            if width > widest { widest = max(width, exactWidth(of: word)) }
        }
        return widest
    }
}
