package import FoundationEssentials
import KubernetesModel

/// Says of a report that its rows and files are in an archive and no longer in MongoDB: a part of its result.
package struct Offload: Codable, Hashable, Sendable {
    /// The archive's folder, as the export knew it.
    package var archive: String
    package var at: Date
    /// The digest of its rows and files, which holds whatever an archive brings back against what went into it.
    package var sha256: String
    /// Until the last of them has gone from MongoDB; nil from then on.
    package var isLeaving: Bool?

    package init(archive: String, at: Date, sha256: String, isLeaving: Bool? = nil) {
        self.archive = archive
        self.at = at
        self.sha256 = sha256
        self.isLeaving = isLeaving
    }

    package enum CodingKeys: String, CodingKey { case archive, at, sha256, isLeaving }

    /// What brings them back.
    package static func command(_ id: String) -> String { "reportctl archive restore \(id)" }

    /// For people: where they are, since when, and what brings them back.
    package func sentence(_ id: String) -> String {
        "its rows and files are offloaded: since \(Timestamp(at).description.prefix(10)) they are in the archive "
            + "\(archive); bring them back with: \(Self.command(id))"
    }
}
