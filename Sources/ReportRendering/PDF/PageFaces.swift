/// The typefaces of a report. What belongs to the table grows and shrinks with it.
struct PageFaces {
    let title: Typeface
    let subtitle: Typeface
    /// A page's head and foot.
    let margin: Typeface
    let notes: Typeface
    let body: Typeface
    let strong: Typeface
    let columnTitle: Typeface
    let heading: Typeface

    init(_ typesetter: Typesetter, scale: Double = 1) throws(RenderError) {
        title = try Typeface(typesetter, size: 16, isBold: true)
        subtitle = try Typeface(typesetter, size: 9.5)
        margin = try Typeface(typesetter, size: 7)
        notes = try Typeface(typesetter, size: 8)
        body = try Typeface(typesetter, size: 8 * scale)
        strong = try Typeface(typesetter, size: 8 * scale, isBold: true)
        columnTitle = try Typeface(typesetter, size: 7.25 * scale, isBold: true)
        heading = try Typeface(typesetter, size: 9 * scale, isBold: true)
    }
}
