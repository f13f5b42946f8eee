import BSON
import MongoClient
import ReportArchive
import Testing

/// What an erasure changes of a document, and what not.
@Suite struct PersonErasureTests {
    static let tombstone = Tombstone(
        key: String(repeating: "0", count: 64), code: "00112233445566778899" + String(repeating: "a", count: 44))
    static let placeholder = "erased-0011223344556677@erased.invalid"

    private let erasure = PersonErasure { $0.lowercased() == "dana@example.com" ? Self.placeholder : nil }

    /// The members that differ, as the shell would name them, with what they are now.
    static func changes(_ before: BSONDocument, _ after: BSONDocument) -> [String: String] {
        let (old, new) = (facts(.document(before), ""), facts(.document(after), ""))
        return new.filter { old[$0.key] != $0.value }
    }

    static func facts(_ value: BSONValue, _ path: String) -> [String: String] {
        let members: [(String, BSONValue)]
        switch value {
        case .document(let document): members = document.map { ($0.key, $0.value) }
        case .array(let list): members = list.enumerated().map { ("\($0.offset)", $0.element) }
        default: return [path: value.string ?? "\(value)"]
        }
        return members.reduce(into: [:]) { all, member in
            all.merge(facts(member.1, path.isEmpty ? member.0 : "\(path).\(member.0)")) { $0 + $1 }
        }
    }

    private static let deliver: BSONValue = [
        ["channel": "mail", "to": ["lee@example.com", "Dana@Example.com"], "text": "dana@example.com"],
        [
            "channel": "mail", "cc": ["dana@example.com"], "replyTo": "DANA@EXAMPLE.COM",
            "only": ["who": "dana@example.com"],
        ],
        [
            "json":
                #"{"channel":"dana@example.com","only":{"":"dana@example.com","to":"x"},"to":["a@b","dana@example.com"]}"#
        ],
    ]
    private static let requester: BSONValue = [
        "name": "Dana Reyes", "email": "dana@example.com", "team": "dana@example.com",
    ]

    @Test func recordLosesThoseWhoAskedAndThoseWhoGetItAndNothingElse() throws {
        let record: BSONDocument = [
            "_id": "a", "requester": Self.requester, "deliveries": Self.deliver,
            "failureNotice": ["channel": "mail", "to": ["dana@example.com"]],
            "pinned": ["title": "dana@example.com", "deliver": Self.deliver],
            "parameters": ["to": "dana@example.com"], "message": "dana@example.com", "odd": .double(.nan),
        ]
        let edited = try #require(erasure.edited(record, .record))
        let json =
            #"{"channel":"dana@example.com","only":{"":"dana@example.com","to":"x"},"to":["a@b",""# + Self.placeholder
            + #""]}"#
        #expect(
            Self.changes(record, edited) == [
                "requester.name": "(erased)", "requester.email": Self.placeholder,
                "deliveries.0.to.1": Self.placeholder, "deliveries.1.cc.0": Self.placeholder,
                "deliveries.1.replyTo": Self.placeholder, "deliveries.2.json": json,
                "failureNotice.to.0": Self.placeholder,
                "pinned.deliver.0.to.1": Self.placeholder, "pinned.deliver.1.cc.0": Self.placeholder,
                "pinned.deliver.1.replyTo": Self.placeholder, "pinned.deliver.2.json": json,
            ])
        #expect(edited.keys == record.keys)
        #expect(erasure.edited(edited, .record) == nil)
        #expect(erasure.edited(["_id": "b", "requester": ["name": "Dana Reyes"]], .record) == nil)
    }

    @Test func eventTellsTheSameWithoutThem() throws {
        let text =
            #"{"deliver":[{"to":["dana@example.com"]}],"stages":[{"deliver":"dana@example.com","env":[{"to":"dana@example.com"}]}],"n":1.50}"#
        let event: BSONDocument = [
            "_id": "a/1/Queued", "message": "dana@example.com",
            "asked": ["requester": Self.requester, "parameters": ["email": "dana@example.com"]],
            "accepted": [
                "deliveries": Self.deliver, "failureNotice": ["cc": ["dana@example.com"]],
                "pipeline": ["json": .string(text)],
                "parameters": ["to": "dana@example.com"],
            ],
        ]
        let edited = try #require(erasure.edited(event, .event))
        let changes = Self.changes(event, edited)
        #expect(
            Set(changes.keys) == [
                "asked.requester.name", "asked.requester.email", "accepted.deliveries.0.to.1",
                "accepted.deliveries.1.cc.0", "accepted.deliveries.1.replyTo", "accepted.deliveries.2.json",
                "accepted.failureNotice.cc.0", "accepted.pipeline.json",
            ])
        let ours = #"{"deliver":[{"to":["dana@example.com"#
        #expect(
            changes["accepted.pipeline.json"] == ours.replacing("dana@example.com", with: Self.placeholder)
                + text.dropFirst(ours.count))
    }

    @Test func entryOfTheLedgerIsAnotherRecipientsOfTheSameDelivery() throws {
        let entry: BSONDocument = [
            "_id": "r/1/0/dana@example.com", "delivery": "r/1/0", "recipient": "Dana@example.com",
            "detail": "550 <DANA@example.com>: not dana@example.com.au, xdana@example.com, dana@example.com.",
            "channel": "mail",
        ]
        let edited = try #require(erasure.edited(entry, .delivery))
        #expect(
            Self.changes(entry, edited) == [
                "_id": "r/1/0/\(Self.placeholder)", "recipient": Self.placeholder,
                "detail": "550 <\(Self.placeholder)>: not dana@example.com.au, xdana@example.com, \(Self.placeholder).",
            ])
        #expect(
            erasure.edited(
                ["_id": "r/lee@example.com", "recipient": "lee@example.com", "detail": "dana@example.com"], .delivery)
                == nil)
        for kind in ArchiveKind.allCases where ![.record, .event, .delivery].contains(kind) {
            #expect(erasure.edited(entry, kind) == nil)
        }
    }

    @Test(arguments: [
        ("dana@example.com", true), ("to DANA@Example.COM.", true), ("a/dana@example.com", true),
        ("<dana@example.com>", true),
        ("adana@example.com", false), ("j.dana@example.com", false), ("dana@example.community", false),
        ("dana@example.com.br", false), ("dana@example.co", false), ("", false), ("x+dana@example.com", false),
    ])
    func anAddressIsFoundAsAWhole(text: String, isIn: Bool) {
        #expect(AddressSearch("dana@example.com").isIn(Array(text.utf8)) == isIn)
    }

    @Test func manifestSaysThatSomebodyWasErased() throws {
        var head = ManifestTests.head
        head.tombstones = [Self.tombstone]
        head.recipients = ["age1a", "age1b"]
        #expect(head.text.contains("\nSomebody was erased: by the key 0"))
        func read(_ text: String) throws -> [ManifestReader.Sentence] {
            var reader = ManifestReader(isJournal: true)
            return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .compactMap { try reader.take(Array($0.utf8)[...]) }
        }
        #expect(try read(head.text) == [.head(head)])
        head.tombstones.append(Self.tombstone)
        #expect(throws: ArchiveFault.self) { try read(head.text) }
        #expect(throws: ArchiveFault.self) { try read(head.text.replacing("by the key 0", with: "by the key x")) }
    }

    @Test func documentsThatStayAreWrittenAsTheyWere() throws {
        let documents: [(ArchiveKind, BSONDocument)] = [
            (.event, ["_id": "e", "requestUID": "0b8f6a5e"]), (.result, ReportTextTests.result),
            (.rows, ReportTextTests.rows),
        ]
        let text = ReportTextTests.write(documents)
        var reader = ReportTextReader(id: "0b8f6a5e")
        var writer: ReportTextWriter?
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            guard let archived = try reader.take(line, bytes: { _, _ in [] }) else { continue }
            if archived.kind == .record {
                writer = ReportTextWriter(id: "0b8f6a5e", record: archived.document)
            } else {
                writer?.append(unchanged: archived)
            }
        }
        writer?.finish()
        #expect(writer?.take() == text)
    }
}
