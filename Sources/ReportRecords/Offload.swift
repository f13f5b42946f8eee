public import FoundationEssentials
import KubernetesModel

/// Says of a report that its rows and files are in an archive and no longer in MongoDB: a part of its result.
public struct Offload: Codable, Hashable, Sendable {
    /// The archive's folder, as the export knew it.
    public var archive: String
    public var at: Date
    /// The digest of its rows and files, which holds whatever an archive brings back against what went into it.
    public var sha256: String
    /// Until the last of them has gone from MongoDB; nil from then on.
    public var isLeaving: Bool?

    public init(archive: String, at: Date, sha256: String, isLeaving: Bool? = nil) {
        self.archive = archive
        self.at = at
        self.sha256 = sha256
        self.isLeaving = isLeaving
    }

    public enum CodingKeys: String, CodingKey { case archive, at, sha256, isLeaving }

    /// What brings them back.
    public static func command(_ id: String) -> String { "reportctl archive restore \(id)" }

    /// For people: where they are, since when, and what brings them back.
    public func sentence(_ id: String) -> String {
        "its rows and files are offloaded: since \(Timestamp(at).description.prefix(10)) they are in the archive "
            + "\(archive); bring them back with: \(Self.command(id))"
    }
}
