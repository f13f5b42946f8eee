package import BSON

/// One document of a report, as it was in MongoDB.
package struct ArchivedDocument: Sendable {
    package let kind: ArchiveKind
    package let document: BSONDocument
    /// Its paragraph.
    let text: [UInt8]
}

/// How a report's documents follow each other, for its writer and its reader alike.
struct ReportCourse {
    let id: String
    private(set) var count = 0
    private var last: ArchiveKind?
    private var columns: [[UInt8]] = []
    private var rowsAttempt: BSONValue?
    private var rowNumber = 0
    private var fileID: BSONValue?

    init(id: String) { self.id = id }

    /// The sentences of the next document.
    mutating func text(_ document: BSONDocument, _ kind: ArchiveKind, bytesFile: String?) -> [UInt8] {
        if kind == .rows, rowsAttempt != document["attempt"] {
            rowsAttempt = document["attempt"]
            rowNumber = 0
        }
        var text = DocumentText(columns: columns, rowNumber: rowNumber, bytesFile: bytesFile)
        text.append(document, kind)
        rowNumber = text.rowNumber
        if kind == .result { columns = Self.columns(of: document) }
        if kind.chunks != nil { fileID = document["_id"] }
        last = kind
        count += 1
        return text.output
    }

    /// Takes note of a document whose sentences are there already.
    mutating func pass(_ archived: ArchivedDocument) {
        last = archived.kind
        count += 1
    }

    var columnsOfRows: [[UInt8]] { columns }

    /// Why this document can't come next; nil where it can.
    func fault(_ document: BSONDocument, _ kind: ArchiveKind) -> String? {
        if (kind == .record) != (count == 0) { return "a report has one record, and it comes first" }
        if let last, Self.rank(kind) < Self.rank(last) || kind == .result && last == .result {
            return "\(kind.noun) can't follow \(last.noun)"
        }
        if kind.isChunk {
            let isOfFile = last == kind || last?.chunks == kind
            return isOfFile && document["files_id"] == fileID ? nil : "a chunk is not of the file before it"
        }
        guard let owner = kind.owner(of: document) else { return "a document doesn't say of which report it is" }
        // Compared by their bytes: texts that only look alike are other ones.
        guard !owner.utf8.elementsEqual(id.utf8) else { return nil }
        return "a document is of the report \(QuotedText.quoted(owner)), not of \(QuotedText.quoted(id))"
    }

    private static func rank(_ kind: ArchiveKind) -> Int {
        switch kind {
        case .chunk: ArchiveKind.file.rawValue
        case .stageChunk: ArchiveKind.stageFile.rawValue
        case .record, .event, .log, .delivery, .result, .rows, .file, .stageFile: kind.rawValue
        }
    }

    private static func columns(of result: BSONDocument) -> [[UInt8]] {
        (result["columns"]?.array ?? []).map { Array(($0.document?["name"]?.string ?? "").utf8) }
    }

    var head: String { "This is the report \(QuotedText.quoted(id)) in plain English, grammar 1." }

    var end: String {
        "That is all of the report \(QuotedText.quoted(id)): \(count) document\(count == 1 ? "" : "s")."
    }

    func opening(_ record: BSONDocument) -> [UInt8] {
        let lines = [head] + StoryText.lines(id: id, record)
        return Array((lines.joined(separator: "\n") + "\n\n").utf8)
    }
}

/// Writes a report in sentences, document by document: the record first, the others in the order of `ArchiveKind`, and
/// chunks after their file.
package struct ReportTextWriter {
    private var course: ReportCourse
    private var output: [UInt8] = []

    /// `record`: a document of `reports` whose `_id` is `id`.
    package init(id: String, record: BSONDocument) {
        course = ReportCourse(id: id)
        output = course.opening(record)
        output += course.text(record, .record, bytesFile: nil)
    }

    /// `bytesFile`: the file beside this text that a chunk's bytes go to.
    package mutating func append(_ document: BSONDocument, _ kind: ArchiveKind, bytesFile: String? = nil) {
        output.append(UInt8(ascii: "\n"))
        output += course.text(document, kind, bytesFile: bytesFile)
    }

    /// A document as it was read, in the same words: the rows of a result that was appended so, and files with what is
    /// beside them.
    package mutating func append(unchanged archived: ArchivedDocument) {
        output.append(UInt8(ascii: "\n"))
        output += archived.text
        course.pass(archived)
    }

    package mutating func finish() { output += Array("\n\(course.end)\n".utf8) }

    /// How many bytes wait to be taken.
    package var pending: Int { output.count }

    /// What was written since the last time.
    package mutating func take() -> [UInt8] {
        defer { output.removeAll(keepingCapacity: true) }
        return output
    }

    package static func plainBytes(of chunk: BSONDocument) -> [UInt8]? {
        guard case .binary(let data) = chunk["data"], data.subtype == 0 else { return nil }
        return data.bytes
    }
}

/// Reads a report's sentences, strictly: what it takes is exactly what the writer makes of the same documents.
package struct ReportTextReader {
    private var course: ReportCourse
    private var opening: [UInt8]?
    private var paragraph: [UInt8] = []
    /// Where the paragraph begins.
    private var firstLine = 1
    private var line = 0
    private var isOver = false

    package init(id: String) { course = ReportCourse(id: id) }

    /// Takes a line without its line feed; returns the document that it ends.
    ///
    /// Throws `ArchiveFault`, or what `bytes` throws: it reads the next bytes of a file beside the text.
    package mutating func take(
        _ text: ArraySlice<UInt8>, bytes: (String, Int) throws -> [UInt8]
    ) throws -> ArchivedDocument? {
        line += 1
        guard !isOver else { throw ArchiveFault(line: line, "a line too many: the report had ended") }
        guard text.isEmpty else {
            if text.elementsEqual(course.end.utf8), paragraph.isEmpty, course.count > 0 {
                isOver = true
                return nil
            }
            if paragraph.isEmpty { firstLine = line }
            paragraph.append(contentsOf: text)
            paragraph.append(UInt8(ascii: "\n"))
            return nil
        }
        guard !paragraph.isEmpty else { throw ArchiveFault(line: line, "an empty line too many") }
        defer { paragraph.removeAll(keepingCapacity: true) }
        guard opening != nil else {
            guard paragraph.starts(with: Array("\(course.head)\n".utf8)) else {
                throw ArchiveFault(line: 1, "the first line is not: \(course.head)")
            }
            opening = paragraph
            return nil
        }
        return try document(bytes)
    }

    /// To be called at the end of the text.
    package func finish() throws(ArchiveFault) {
        guard isOver else { throw ArchiveFault(line: line, "the text breaks off: its last line is missing") }
    }

    private mutating func document(_ bytes: (String, Int) throws -> [UInt8]) throws -> ArchivedDocument {
        let text = paragraph
        let lines = text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let (kind, document, bytesFile) = try withoutActuallyEscaping(bytes) { bytes in
            var reader = DocumentReader(lines, columns: course.columnsOfRows, bytes: bytes)
            do {
                let (kind, document) = try reader.document()
                return (kind, document, reader.bytesFile)
            } catch let fault as ArchiveFault {
                throw ArchiveFault(line: fault.line.map { firstLine + $0 - 1 }, fault.message)
            }
        }
        if let fault = course.fault(document, kind) { throw ArchiveFault(line: firstLine, fault) }
        if kind == .record, opening != Array(course.opening(document).dropLast()) {
            throw ArchiveFault(line: 2, "what is told first is not what the record says")
        }
        let written = course.text(document, kind, bytesFile: bytesFile)
        guard written == text else {
            let ours = written.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let index = zip(lines, ours).enumerated().first { !$1.0.elementsEqual($1.1) }?.offset ?? 0
            throw ArchiveFault(line: firstLine + index, "a sentence is not written as it should be")
        }
        return ArchivedDocument(kind: kind, document: document, text: text)
    }
}
