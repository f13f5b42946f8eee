internal import CXlsxWriter
import Glibc

/// A workbook of libxlsxwriter's while it is written, a row of each sheet in memory at a time.
///
/// It owns the library's object, and with it sheets, formats and charts, which live as long. Never call `setlocale`
/// in a process that writes one: the library would write `1234,5`.
final class WorkbookFile {
    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private let archive: TemporaryFile
    private let folder: String
    private var isClosed = false
    private(set) var sheets: [WorkbookSheet] = []
    private var names = SheetNames()
    private var formats: [WorkbookFormat.Look: WorkbookFormat] = [:]

    init(in folder: String) throws(RenderError) {
        archive = try TemporaryFile(in: folder)
        self.folder = folder
        var options = lxw_workbook_options()
        options.constant_memory = 1
        // The library copies it.
        let path = strdup(folder)
        defer { free(path) }
        options.tmpdir = path
        let created = workbook_new_opt(archive.path, &options)
        guard let created else { throw RenderError(.library, "libxlsxwriter has no memory for a workbook") }
        workbook = created
    }

    deinit { if !isClosed { discard() } }

    /// The library's own function forgets the sheets' files.
    private func discard() {
        for sheet in sheets { fclose(sheet.pointer.pointee.optimize_tmpfile) }
        lxw_workbook_free(workbook)
    }

    func addSheet(named text: String) throws(RenderError) -> WorkbookSheet {
        let name = names.next(for: text)
        guard let pointer = workbook_add_worksheet(workbook, name) else {
            throw RenderError(.cannotWrite, "libxlsxwriter can't make the sheet “\(name)” in \(folder)")
        }
        let sheet = WorkbookSheet(pointer, name: name, folder: folder)
        sheets.append(sheet)
        return sheet
    }

    /// Of equal ones there is one.
    func format(_ look: WorkbookFormat.Look) throws(RenderError) -> WorkbookFormat {
        if let format = formats[look] { return format }
        guard let pointer = workbook_add_format(workbook) else {
            throw RenderError(.library, "libxlsxwriter has no memory for a format")
        }
        look.set(pointer)
        let format = WorkbookFormat(index: Int(lxw_format_get_xf_index(pointer)))
        formats[look] = format
        return format
    }

    func addChart(_ type: lxw_chart_type) throws(RenderError) -> UnsafeMutablePointer<lxw_chart> {
        guard let chart = workbook_add_chart(workbook, UInt8(type.rawValue)) else {
            throw RenderError(.library, "libxlsxwriter has no memory for a chart")
        }
        return chart
    }

    struct Properties {
        var title: String
        var subject: String
        var author: String
        var keywords: String
        var comments: String
        /// Seconds since 1970; the library writes the time of the day where it is 0.
        var created: Int
    }

    func set(_ properties: Properties) {
        var raw = lxw_doc_properties()
        raw.created = properties.created == 0 ? 1 : properties.created
        let texts = [
            properties.title, properties.subject, properties.author, properties.keywords, properties.comments,
        ].map { strdup($0.onOnePlainLine) }
        defer { texts.forEach { free($0) } }
        (raw.title, raw.subject, raw.author, raw.keywords, raw.comments) = (
            texts[0], texts[1], texts[2], texts[3], texts[4]
        )
        workbook_set_properties(workbook, &raw)
    }

    /// Puts the file together and copies it.
    ///
    /// Where the disk for temporary files is full, the library leaves rows out and reports nothing: neither for the
    /// rows it keeps there, nor for the copy of them that it makes here. So both are looked at.
    func write(to descriptor: Int32) throws {
        var sizes: [Int] = []
        for sheet in sheets { sizes.append(try sheet.flush()) }
        if sizes.contains(where: { $0 > 3 << 30 }) { workbook.pointee.options.use_zip64 = 1 }
        isClosed = true
        errno = 0
        let result = workbook_close(workbook)
        guard result == LXW_NO_ERROR else {
            let detail = String(cString: errno == 0 ? lxw_strerror(result) : strerror(errno))
            throw RenderError(.cannotWrite, "the folder for temporary files, \(folder): \(detail)")
        }
        guard try WorkbookArchive.copy(archive.descriptor, to: descriptor, rowBytes: sizes) else {
            throw RenderError(.cannotWrite, "the folder for temporary files, \(folder), is full")
        }
    }
}
