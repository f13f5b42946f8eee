import BSON
import MongoClient
import ReportArchive
import Testing

/// What is written of a report, and what is read of that.
@Suite struct ReportTextTests {
    struct Document: Equatable {
        let kind: ArchiveKind
        let bytes: [UInt8]

        init(_ kind: ArchiveKind, _ document: BSONDocument) {
            self.kind = kind
            bytes = document.bytes
        }
    }

    static let record: BSONDocument = [
        "_id": "0b8f6a5e", "namespace": "finance", "name": "tb-2026-10",
        "requester": ["name": "Dana Reyes", "email": "dana@example.com"], "pipeline": "trial-balance",
        "parameters": ["period": "2026-10"], "phase": "Succeeded", "reason": "Completed", "attempt": .int64(1),
        "stages": [["name": "load", "exitCode": .int64(0)], ["name": "publish", "exitCode": .int64(0)]],
        "createdAt": .date(milliseconds: 1_795_254_795_000), "queuedAt": .date(milliseconds: 1_795_254_795_000),
        "startedAt": .date(milliseconds: 1_795_254_796_000), "completedAt": .date(milliseconds: 1_795_254_804_000),
        "progress": .int64(9), "formats": ["pdf", "xlsx"],
    ]

    static let result: BSONDocument = [
        "_id": "0b8f6a5e", "attempt": 1, "buckets": 1, "rows": 2,
        "columns": [["name": "account", "type": "string"], ["name": "closing", "type": "decimal"]],
        "publishedAt": .date(milliseconds: 1_795_254_803_000),
    ]

    static var rows: BSONDocument {
        let closing = BSONValue.decimal128(BSONDecimal128("10.50") ?? BSONDecimal128(high: 0, low: 0))
        return [
            "_id": "0b8f6a5e/1/0", "reportID": "0b8f6a5e", "attempt": 1, "n": 0,
            "rows": [["Assets:Cash", closing], ["Equity", .null]],
        ]
    }

    static func write(
        _ documents: [(ArchiveKind, BSONDocument)], record: BSONDocument = record, id: String = "0b8f6a5e"
    ) -> [UInt8] {
        var writer = ReportTextWriter(id: id, record: record)
        for (kind, document) in documents { writer.append(document, kind, bytesFile: "0b8f6a5e.file-1.pdf") }
        writer.finish()
        return writer.take()
    }

    static func read(_ text: [UInt8], id: String = "0b8f6a5e", beside: [UInt8] = []) throws -> [Document] {
        var reader = ReportTextReader(id: id)
        var rest = beside[...]
        var documents: [Document] = []
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for line in lines.dropLast() {
            let read = try reader.take(line) { _, count in
                defer { rest = rest.dropFirst(count) }
                return Array(rest.prefix(count))
            }
            if let read { documents.append(Document(read.kind, read.document)) }
        }
        try reader.finish()
        return documents
    }

    /// Why it is refused.
    static func fault(_ text: [UInt8], id: String = "0b8f6a5e") -> ArchiveFault? {
        do { _ = try read(text, id: id) } catch { return error as? ArchiveFault }
        return nil
    }

    static var sample: [UInt8] { write([(.result, result), (.rows, rows)]) }

    @Test func readsAsPeopleWrite() {
        #expect(
            String(decoding: Self.sample, as: UTF8.self) == """
                This is the report "0b8f6a5e" in plain English, grammar 1.
                The report "0b8f6a5e" was asked for by "Dana Reyes" <"dana@example.com"> on 2026-11-21 at 09:53:15.000 UTC.
                Its pipeline is "trial-balance" in "finance".
                Its parameter "period" is "2026-10".
                It was queued on 2026-11-21 at 09:53:15.000 UTC, started on 2026-11-21 at 09:53:16.000 UTC, over on \
                2026-11-21 at 09:53:24.000 UTC.
                It is "Succeeded" because of "Completed".

                The record, in 16 facts:
                Its _id is "0b8f6a5e".
                Its namespace is "finance".
                Its name is "tb-2026-10".
                Its requester is a document of 2:
                Its requester's name is "Dana Reyes".
                Its requester's email is "dana@example.com".
                Its pipeline is "trial-balance".
                Its parameters is a document of 1:
                Its parameters's period is "2026-10".
                Its phase is "Succeeded".
                Its reason is "Completed".
                Its attempt is the long number 1.
                Its stages is a list of 2:
                Its stages, number 1, is a document of 2:
                Its stages, number 1,'s name is "load".
                Its stages, number 1,'s exitCode is the long number 0.
                Its stages, number 2, is a document of 2:
                Its stages, number 2,'s name is "publish".
                Its stages, number 2,'s exitCode is the long number 0.
                Its createdAt is the moment 2026-11-21 at 09:53:15.000 UTC.
                Its queuedAt is the moment 2026-11-21 at 09:53:15.000 UTC.
                Its startedAt is the moment 2026-11-21 at 09:53:16.000 UTC.
                Its completedAt is the moment 2026-11-21 at 09:53:24.000 UTC.
                Its progress is the long number 9.
                Its formats is ["pdf", "xlsx"].

                The result, in 6 facts:
                Its _id is "0b8f6a5e".
                Its attempt is 1.
                Its buckets is 1.
                Its rows is 2.
                Its columns is a list of 2:
                Its columns, number 1, is a document of 2:
                Its columns, number 1,'s name is "account".
                Its columns, number 1,'s type is "string".
                Its columns, number 2, is a document of 2:
                Its columns, number 2,'s name is "closing".
                Its columns, number 2,'s type is "decimal".
                Its publishedAt is the moment 2026-11-21 at 09:53:23.000 UTC.

                A part of the rows, in 5 facts:
                Its _id is "0b8f6a5e/1/0".
                Its reportID is "0b8f6a5e".
                Its attempt is 1.
                Its n is 0.
                Its rows is these 2:
                Row 1: account is "Assets:Cash", closing is the decimal 10.50.
                Row 2: account is "Equity", closing is nothing.

                That is all of the report "0b8f6a5e": 3 documents.

                """)
    }

    @Test func comesBackAsItWas() throws {
        let documents = [(ArchiveKind.record, Self.record), (.result, Self.result), (.rows, Self.rows)]
        #expect(try Self.read(Self.sample) == documents.map { Document($0, $1) })
    }

    @Test(arguments: 0..<300) func whateverADocumentHoldsComesBackExactly(seed: UInt64) throws {
        var maker = DocumentMaker(seed: seed)
        let id = maker.text()
        func of(_ field: String, _ document: BSONDocument) -> BSONDocument {
            BSONDocument([(field, .string(id))] + document.filter { $0.key != field }.map { ($0.key, $0.value) })
        }
        let record = of("_id", maker.document())
        var documents = [(ArchiveKind.event, of("requestUID", maker.document()))]
        documents.append((.log, of("reportID", maker.document())))
        documents.append((.delivery, of("reportID", maker.document())))
        let columns = (0..<maker.below(4)).map { _ in BSONValue.document(["name": .string(maker.text())]) }
        documents.append((.result, ["_id": .string(id), "columns": .array(columns)]))
        for attempt in 0..<3 {
            let rows = (0..<maker.below(4)).map { _ in
                BSONValue.array((0..<maker.below(5)).map { _ in maker.value(depth: 2) })
            }
            documents.append(
                (.rows, ["reportID": .string(id), "attempt": .int32(Int32(attempt / 2)), "rows": .array(rows)]))
        }
        let text = Self.write(documents, record: record, id: id)
        let read = try Self.read(text, id: id)
        #expect(read == ([(.record, record)] + documents).map { Document($0, $1) })
        // Whatever it holds, a line feed ends a sentence and nothing else does.
        #expect(String(validating: text, as: UTF8.self) != nil)
    }

    @Test(arguments: DocumentMaker.crooked) func whatNoWordsHaveComesBackAsBytes(bytes: [UInt8]) throws {
        let crooked = try #require(BSONDocument(wellFormed: bytes))
        let inside = BSONValue.document(crooked)
        let event: BSONDocument = ["requestUID": "0b8f6a5e", "inside": inside, "list": [inside]]
        var outside: BSONDocument = ["requestUID": "0b8f6a5e"]
        outside = try #require(
            BSONDocument(wellFormed: Self.joined(outside.bytes, bytes)))
        let text = Self.write([(.event, event), (.event, outside)])
        #expect(try Self.read(text).dropFirst() == [Document(.event, event), Document(.event, outside)])
    }

    /// A document with the members of both.
    private static func joined(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        let members = Array(first.dropFirst(4).dropLast() + second.dropFirst(4))
        return withUnsafeBytes(of: UInt32(members.count + 4).littleEndian, Array.init) + members
    }

    @Test func everyByteThatIsChangedShows() throws {
        let text = Self.sample
        let meant = try Self.read(text)
        for position in text.indices {
            for flip: UInt8 in [0x01, 0x20, 0x80] {
                var changed = text
                changed[position] ^= flip
                let read = try? Self.read(changed)
                #expect(read != meant, "byte \(position)")
            }
        }
    }

    @Test func filesComeBackFromBesideTheText() throws {
        let id = BSONValue.objectID(BSONObjectID(second: 1, rest: (2, 3)))
        let file: BSONDocument = [
            "_id": id, "filename": "0b8f6a5e/p/pdf/f", "length": 5, "metadata": ["reportID": "0b8f6a5e"],
        ]
        let chunks = [Array("%PDF".utf8), [0x0A]].enumerated().map { n, bytes -> (ArchiveKind, BSONDocument) in
            let number = BSONValue.int32(Int32(n))
            return (.chunk, ["_id": number, "files_id": id, "n": number, "data": .binary(BSONBinary(bytes))])
        }
        let text = Self.write([(.file, file)] + chunks)
        let sentence = #"Its data is the next 4 bytes of "0b8f6a5e.file-1.pdf"."#
        #expect(String(decoding: text, as: UTF8.self).contains(sentence))
        let read = try Self.read(text, beside: Array("%PDF\n".utf8))
        #expect(read.dropFirst() == ([(.file, file)] + chunks).map { Document($0, $1) }[...])
        let stray = Self.write([(.file, file), (.chunk, ["files_id": "another"])])
        #expect(Self.fault(stray)?.message == "a chunk is not of the file before it")
    }

    private static func lines(_ change: (inout [String]) -> Void) -> [UInt8] {
        var lines = String(decoding: sample, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        change(&lines)
        return Array(lines.joined(separator: "\n").utf8)
    }

    @Test func whatIsWrongIsNamedWithItsLine() throws {
        // A sentence twice.
        let twice = Self.fault(Self.lines { $0.insert($0[10], at: 10) })
        #expect(twice == ArchiveFault(line: 34, "a sentence too many"))
        let lacking = Self.fault(Self.lines { $0.remove(at: 31) })
        #expect(lacking == ArchiveFault(line: 32, "a sentence is missing after this one"))
        let after = Self.fault(Self.lines { $0.insert("And more.", at: $0.count - 1) })
        #expect(after == ArchiveFault(line: 59, "a line too many: the report had ended"))
        let story = Self.fault(Self.lines { $0[2] = $0[2].replacing("finance", with: "sales") })
        #expect(story?.message == "what is told first is not what the record says")
        let number = Self.fault(Self.lines { $0[55] = $0[55].replacing("Row 2", with: "Row 3") })
        #expect(number == ArchiveFault(line: 56, "a sentence is not written as it should be"))
        let cut = Self.fault(Array(Self.sample.dropLast(60)))
        #expect(cut?.message == "the text breaks off: its last line is missing")
        #expect(Self.fault(Self.sample, id: "another")?.line == 1)
    }

    @Test func documentOfAnotherReportIsRefused() {
        let foreign: BSONDocument = ["requestUID": "another"]
        let fault = Self.fault(Self.write([(.event, foreign)]))
        #expect(fault?.message == #"a document is of the report "another", not of "0b8f6a5e""#)
        let record: BSONDocument = ["_id": "another"]
        #expect(Self.fault(Self.write([], record: record))?.message.contains("another") == true)
        // Texts that look alike are other ones.
        #expect(Self.fault(Self.write([(.event, ["requestUID": "e\u{301}"])], id: "é"), id: "é") != nil)
    }

    @Test func orderIsThatOfTheWriter() {
        let event: BSONDocument = ["requestUID": "0b8f6a5e"]
        #expect(Self.fault(Self.write([(.result, Self.result), (.event, event)])) != nil)
        #expect(Self.fault(Self.write([(.result, Self.result), (.result, Self.result)])) != nil)
        #expect(Self.fault(Self.write([(.record, Self.record)])) != nil)
    }

    @Test func depthIsBounded() {
        let text = "Its a is " + String(repeating: "[", count: 100_000)
        let lines = Self.lines { $0[8] = text }
        #expect(Self.fault(lines)?.message == "values are nested too deep")
    }

    @Test(arguments: 0..<400) func decimalsAreWrittenAsMongoDBWritesThem(seed: UInt64) throws {
        var maker = DocumentMaker(seed: seed)
        let value = maker.decimal()
        guard let text = DecimalText.text(value) else {
            // NaN with a payload or a sign, or a significand that isn't canonical.
            #expect(BSONDecimal128(value.description) != value)
            return
        }
        #expect(text == value.description)
        #expect(DecimalText.value(text) == value)
    }

    @Test(arguments: [
        "0", "1E+3", "-0.001", "1E-7", "0E-6176", "9.999999999999999999999999999999999E+6144",
    ])
    func decimalTextsAreRead(text: String) throws {
        let value = try #require(DecimalText.value(text))
        #expect(value == BSONDecimal128(text))
        #expect(DecimalText.text(value) == text)
    }

    @Test(arguments: [
        "", ".", "-", "1.2.3", "1E", "1E+7000", "1E-9223372036854775808", "10000000000000000000000000000000000", "0x1",
        "-NaN",
    ])
    func whatIsNoDecimalIsRefused(text: String) {
        let value = DecimalText.value(text)
        #expect(value.flatMap(DecimalText.text) != text)
    }
}
