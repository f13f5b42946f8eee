import BSON
package import ReportArchive
package import ReportStores

/// Takes a person out of MongoDB, and out of an archive: their name and address where they asked for reports or get them.
///
/// The tombstone comes first, so that nothing that is imported meanwhile brings them back. Each step can be done again:
/// whatever ends it in between, the next run goes on.
package struct ReportErasure {
    package struct Outcome: Hashable, Sendable {
        package var tombstone: Tombstone
        /// Documents that name nobody any more in the person's place, by the run or by one before it.
        package var erased: [ArchiveKind: Int] = [:]
        /// The reports of these documents.
        package var reports: Set<String> = []
        /// What this run has changed.
        package var changed = 0
        /// Reports that still hold the address, and where: what an erasure doesn't touch.
        package var left: [String: Set<String>] = [:]
        package var archive: Archived?
        /// Why MongoDB wasn't told of the archive's new manifest; nil where it was.
        package var unnoted: StoreTrouble?
        /// Other archives of a part that the address chooses, by their places.
        package var archivesOfPart: [String] = []

        package struct Archived: Hashable, Sendable {
            package var place: String
            /// The number of its manifest.
            package var export: Int
            /// Reports that name nobody any more in the person's place.
            package var reports: Set<String>
            /// What this run has written.
            package var changed: Int
        }
    }

    private let store: ArchiveStore
    private let address: String
    private let archive: ArchiveFolder?
    private let key: ArchiveKey?
    /// In milliseconds since 1970.
    private let now: Int64
    private let isDryRun: Bool
    /// Called before each write to MongoDB; what it throws ends the work there, as a crash would. For tests.
    private let onWrite: (@Sendable () throws -> Void)?

    /// How often a document is looked at again that somebody else writes at the same time.
    private static let tries = 10

    package init(
        _ store: ArchiveStore, address: String, archive: ArchiveFolder?, key: ArchiveKey?, now: Int64,
        isDryRun: Bool = false, onWrite: (@Sendable () throws -> Void)? = nil
    ) {
        self.store = store
        self.address = address
        self.archive = archive
        self.key = key
        self.now = now
        self.isDryRun = isDryRun
        self.onWrite = onWrite
    }

    /// Throws `ArchiveTrouble`, or `StoreTrouble`.
    package func run() async throws -> Outcome {
        var archived: ArchiveErasure?
        if let archive { archived = try await ArchiveErasure(archive, key: key, now: now) }
        let known = Tombstones(try await store.tombstones() + (archived?.head.tombstones ?? []))
        let tombstone = known.tombstone(of: address) ?? known.new(for: address)
        if !isDryRun {
            try onWrite?()
            try await store.keep([tombstone], now: now)
        }
        var outcome = Outcome(tombstone: tombstone)
        let person = ErasedPerson(address, tombstone)
        for kind in [ArchiveKind.delivery, .event, .record] {
            var documents = store.all(kind)
            while let document = try await documents.next() {
                let now = try await erase(document, kind, person, &outcome)
                person.note(now, kind, kind.owner(of: now) ?? "", &outcome)
            }
        }
        for kind in [ArchiveKind.log, .result, .rows] {
            var documents = store.all(kind)
            while let document = try await documents.next() {
                person.note(document, kind, kind.owner(of: document) ?? "", &outcome)
            }
        }
        outcome.archivesOfPart = try await store.archives(ofRequester: address).filter { $0 != archive?.place }
        guard let archived else { return outcome }
        outcome.archive = try await archived.run(person, isDryRun: isDryRun, &outcome)
        guard !isDryRun, let place = archived.written else { return outcome }
        outcome.unnoted = await store.note(place)
        return outcome
    }

    /// Returns the document as it is afterwards, or would be.
    private func erase(
        _ document: BSONDocument, _ kind: ArchiveKind, _ person: ErasedPerson, _ outcome: inout Outcome
    ) async throws -> BSONDocument {
        var document = document
        for _ in 0..<Self.tries {
            guard person.isIn(document), let edited = person.erasure.edited(document, kind) else { return document }
            guard !isDryRun else { return edited }
            try onWrite?()
            if try await store.change(document, to: edited, kind) {
                outcome.changed += 1
                return edited
            }
            guard let id = document["_id"], let now = try await store.document(id, kind) else { return edited }
            document = now
        }
        throw ArchiveTrouble("A document of \(kind.collection) is being written by somebody else all the time")
    }
}

/// Somebody who is erased, and what shows where they were.
struct ErasedPerson: Sendable {
    let tombstone: Tombstone
    let erasure: PersonErasure
    private let address: AddressSearch
    private let placeholder: AddressSearch

    init(_ address: String, _ tombstone: Tombstone) {
        self.tombstone = tombstone
        self.address = AddressSearch(address)
        placeholder = AddressSearch(tombstone.placeholder)
        let small = address.lowercased()
        erasure = PersonErasure { $0.lowercased() == small ? tombstone.placeholder : nil }
    }

    func isIn(_ document: BSONDocument) -> Bool { address.isIn(document.bytes) }

    func isErased(from document: BSONDocument) -> Bool { placeholder.isIn(document.bytes) }

    /// Counts a document of MongoDB as it is after the erasure.
    func note(_ document: BSONDocument, _ kind: ArchiveKind, _ id: String, _ outcome: inout ReportErasure.Outcome) {
        if isErased(from: document) {
            outcome.erased[kind, default: 0] += 1
            outcome.reports.insert(id)
        }
        noteLeft(document, kind, id, &outcome)
    }

    func noteLeft(
        _ document: BSONDocument, _ kind: ArchiveKind, _ id: String, _ outcome: inout ReportErasure.Outcome
    ) {
        guard isIn(document) else { return }
        let places = places(document, kind)
        if !places.isEmpty { outcome.left[id, default: []].formUnion(places) }
    }

    /// Where in a document the address still is, in people's words.
    private func places(_ document: BSONDocument, _ kind: ArchiveKind) -> [String] {
        switch kind {
        case .record: members(document).map { $0 == "parameters" ? $0 : "the record's \($0)" }
        case .event:
            document.flatMap { key, value -> [String] in
                guard isIn([key: value]) else { return [] }
                guard ["asked", "accepted"].contains(key), let inner = value.document else {
                    return ["an event's \(key)"]
                }
                return members(inner).map { $0 == "parameters" ? $0 : "an event's \($0)" }
            }
        case .delivery: members(document).map { "the ledger's \($0)" }
        case .log: ["a log"]
        case .result: ["the result's columns"]
        case .rows: ["rows"]
        case .file, .chunk, .stageFile, .stageChunk: []
        }
    }

    private func members(_ document: BSONDocument) -> [String] {
        document.filter { isIn([$0.key: $0.value]) }.map(\.key)
    }
}
