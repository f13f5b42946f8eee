package import BSON

/// Which of two documents of one id counts.
package enum ArchiveOrder {
    /// When a report's rows and files went from MongoDB into an archive; in its result.
    package static let offloaded = "offloaded"

    package static func isOffloaded(_ result: BSONDocument) -> Bool { result[offloaded] != nil }

    /// The fields that tell it; empty of what never changes.
    package static func marks(of kind: ArchiveKind) -> [String] {
        switch kind {
        case .record: ["progress", "versionOrder"]
        case .result: ["attempt", "publishedAt", offloaded]
        case .log: ["podCreatedAt"]
        case .delivery: ["epoch", "phase"]
        case .event, .rows, .file, .chunk, .stageFile, .stageChunk: []
        }
    }

    /// Fields that an older document may have and that stay, whatever a newer one says: what was known once, and what
    /// others have noted.
    package static func lasting(of kind: ArchiveKind) -> Set<String> {
        switch kind {
        case .record:
            [
                "_id", "deletedAt", "pinned", "parameters", "deliveries", "failureNotice", "cluster", "clusterName",
                "namespaceUID",
            ]
        case .event, .log, .delivery, .result, .rows, .file, .chunk, .stageFile, .stageChunk: ["_id"]
        }
    }

    /// Whether the archive's document tells more than the one that is there. A newer state is never turned back, and what
    /// was sent is never taken for unsent.
    package static func isNewer(_ archived: BSONDocument, than present: BSONDocument, _ kind: ArchiveKind) -> Bool {
        func number(_ document: BSONDocument, _ key: String) -> Int64 { document[key]?.integer ?? 0 }
        func moment(_ document: BSONDocument, _ key: String) -> Int64 {
            if case .date(let milliseconds) = document[key] { milliseconds } else { .min }
        }
        func text(_ document: BSONDocument, _ key: String) -> [UInt8] { Array((document[key]?.string ?? "").utf8) }
        switch kind {
        case .record:
            let (ours, theirs) = (number(archived, "progress"), number(present, "progress"))
            guard ours == theirs else { return ours > theirs }
            return text(present, "versionOrder").lexicographicallyPrecedes(text(archived, "versionOrder"))
        case .result:
            guard !isOffloaded(present) else { return false }
            let (ours, theirs) = (number(archived, "attempt"), number(present, "attempt"))
            return ours == theirs
                ? moment(archived, "publishedAt") > moment(present, "publishedAt") : ours > theirs
        case .log: return moment(archived, "podCreatedAt") > moment(present, "podCreatedAt")
        case .delivery:
            let (ours, theirs) = (number(archived, "epoch"), number(present, "epoch"))
            guard ours == theirs else { return ours > theirs && !isSettled(present) }
            return stage(archived) > stage(present)
        case .event, .rows, .file, .chunk, .stageFile, .stageChunk: return false
        }
    }

    /// Whether a copy's fate is known.
    private static func isSettled(_ copy: BSONDocument) -> Bool { stage(copy) == 2 }

    private static func stage(_ copy: BSONDocument) -> Int {
        switch copy["phase"]?.string {
        case nil, "Pending": 0
        case "Sending": 1
        default: 2
        }
    }
}
