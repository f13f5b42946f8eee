import ArchiveFiles
import ReportArchive

/// What an erasure has done, in sentences. The address isn't in it, and no name: it is kept for as long as one has to show
/// that somebody was erased.
struct ErasureProtocol {
    let outcome: ReportErasure.Outcome
    let at: String
    let database: String
    /// Why nobody has looked at a cluster; nil where somebody has.
    let clusterNotAsked: String?

    var text: String { (head + mongodb + archive + left + rest).joined(separator: "\n") + "\n" }

    private var head: [String] {
        let tombstone = outcome.tombstone
        return [
            "This is the protocol of an erasure, of \(at).",
            "By the key \(tombstone.key) the HMAC-SHA-256 of the address, in small letters, is \(tombstone.code).",
            "In the place of the address is now \(tombstone.placeholder), and \(PersonErasure.name) in that of the name.",
            clusterNotAsked ?? "No request, schedule or delivery of the cluster named the address.", "",
        ]
    }

    private var mongodb: [String] {
        let kinds = [(ArchiveKind.record, "records"), (.event, "events"), (.delivery, "entries of the ledger")]
        let counts = kinds.map { "\(outcome.erased[$0.0] ?? 0) \($0.1)" }.joined(separator: ", ")
        let ids = outcome.reports.sorted()
        return ["Erased from \(counts) of the MongoDB database \(database), of \(ids.count) reports:"]
            + ids.map { "  \($0)" } + [""]
    }

    private var archive: [String] {
        guard let archive = outcome.archive else { return ["No archive was named.", ""] }
        let ids = archive.reports.sorted()
        return [
            "Erased from \(ids.count) reports of the archive \(archive.place), whose manifest is now of export "
                + "\(archive.export):"
        ] + ids.map { "  \($0)" } + [""]
    }

    private var left: [String] {
        guard !outcome.left.isEmpty else { return ["No report holds the address elsewhere.", ""] }
        let lines = outcome.left.sorted { $0.key < $1.key }.map { id, places in
            "  \(id): \(places.sorted().joined(separator: ", "))"
        }
        return ["\(lines.count) reports still hold the address, where an erasure doesn't touch it:"] + lines + [""]
    }

    private var rest: [String] {
        let archives = outcome.archivesOfPart.map { "  \($0)" }
        return
            (archives.isEmpty
            ? [] : ["These archives hold a part that the address chooses, and were not named:"] + archives + [""])
            + ["Rows, files, what was sent, other archives and backups were not touched."]
    }
}
