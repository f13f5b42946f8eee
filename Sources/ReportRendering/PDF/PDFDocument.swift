import CPangoCairo

/// A PDF that leaves page by page: the one owner of cairo's surface and context.
final class PDFDocument {
    /// What cairo's callback writes to. It keeps the first failure, since cairo knows only that there was one.
    private final class Stream {
        var sink: ByteSink
        var failure: RenderError?

        init(descriptor: Int32) { sink = ByteSink(descriptor: descriptor) }

        func write(_ bytes: UnsafeBufferPointer<UInt8>) -> cairo_status_t {
            guard failure == nil else { return CAIRO_STATUS_WRITE_ERROR }
            do {
                try sink.write(bytes)
                return CAIRO_STATUS_SUCCESS
            } catch {
                failure = error
                return CAIRO_STATUS_WRITE_ERROR
            }
        }
    }

    let context: OpaquePointer
    private let surface: OpaquePointer
    private let stream: Stream
    private(set) var pageNumber = 1

    init(descriptor: Int32, width: Double, height: Double) throws(RenderError) {
        let stream = Stream(descriptor: descriptor)
        let surface = cairo_pdf_surface_create_for_stream(
            { closure, data, length in
                guard let closure else { return CAIRO_STATUS_WRITE_ERROR }
                return Unmanaged<Stream>.fromOpaque(closure).takeUnretainedValue()
                    .write(UnsafeBufferPointer(start: data, count: Int(length)))
            },
            Unmanaged.passUnretained(stream).toOpaque(), width, height)
        guard let surface, let context = cairo_create(surface) else { throw RenderError(.library, "cairo has no PDF") }
        self.stream = stream
        self.surface = surface
        self.context = context
        // A link outside of a structure element makes a file whose cross-references point at nothing.
        cairo_tag_begin(context, "Document", nil)
        try check()
    }

    deinit {
        cairo_destroy(context)
        // Writes what is left, so the stream must still be there.
        cairo_surface_destroy(surface)
    }

    /// What a reader's program shows of the file. `created`: as ISO 8601; without it the file would hold the clock's time.
    func describe(title: String, author: String, subject: String?, keywords: String, created: String) {
        let entries: [(cairo_pdf_metadata_t, String?)] = [
            (CAIRO_PDF_METADATA_TITLE, title), (CAIRO_PDF_METADATA_AUTHOR, author),
            (CAIRO_PDF_METADATA_SUBJECT, subject), (CAIRO_PDF_METADATA_KEYWORDS, keywords),
            (CAIRO_PDF_METADATA_CREATOR, "report-operator"), (CAIRO_PDF_METADATA_CREATE_DATE, created),
        ]
        for (key, value) in entries {
            guard let value, !value.isEmpty else { continue }
            cairo_pdf_surface_set_metadata(surface, key, PrintableText.line(value))
        }
    }

    /// Adds a bookmark to this page and returns its number, for those below it.
    func addBookmark(_ name: String, below parent: Int32?, x: Double, y: Double) -> Int32 {
        cairo_pdf_surface_add_outline(
            surface, parent ?? Int32(CAIRO_PDF_OUTLINE_ROOT), PrintableText.line(name),
            "page=\(pageNumber) pos=[\(Int(x)) \(Int(y))]", CAIRO_PDF_OUTLINE_FLAG_OPEN)
    }

    /// Makes a place of this page lead to one of a page that is already made.
    func addLink(x: Double, y: Double, width: Double, height: Double, toPage page: Int, y target: Double) {
        let area = "rect=[\(Int(x)) \(Int(y)) \(Int(width.rounded(.up))) \(Int(height.rounded(.up)))]"
        cairo_tag_begin(context, CAIRO_TAG_LINK, "\(area) page=\(page) pos=[\(Int(x)) \(Int(target))]")
        cairo_tag_end(context, CAIRO_TAG_LINK)
    }

    /// Lets the page go. Throws as soon as what was written can't be stored.
    func endPage() throws(RenderError) {
        cairo_show_page(context)
        pageNumber += 1
        try check()
    }

    /// Ends the file after the last page.
    func finish() throws(RenderError) {
        cairo_tag_end(context, "Document")
        cairo_surface_finish(surface)
        try check()
        try stream.sink.flush()
    }

    private func check() throws(RenderError) {
        if let failure = stream.failure { throw failure }
        for status in [cairo_status(context), cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
            throw RenderError(.library, "the PDF can't be made: \(String(cString: cairo_status_to_string(status)))")
        }
    }
}
