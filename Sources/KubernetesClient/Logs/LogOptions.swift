public import KubernetesModel

/// Which part of a container's log, and whether what is written from now on too.
public struct LogOptions: Hashable, Sendable {
    public var container: String?
    /// Until the container ends.
    public var follow: Bool
    /// Each line begins with the moment it was written at, in RFC 3339 with a fraction, and a space.
    public var timestamps: Bool
    /// Lines of this second, and later ones.
    public var since: Timestamp?
    /// Number of last lines.
    public var tailLines: Int?
    /// How long a silent stream is kept: a follower of a log can't distinguish a container that writes nothing
    /// from a connection that is dead, and starts over.
    public var idleDeadline: Duration

    public init(
        container: String? = nil,
        follow: Bool = false,
        timestamps: Bool = false,
        since: Timestamp? = nil,
        tailLines: Int? = nil,
        idleDeadline: Duration = .seconds(90)
    ) {
        self.container = container
        self.follow = follow
        self.timestamps = timestamps
        self.since = since
        self.tailLines = tailLines
        self.idleDeadline = idleDeadline
    }

    var query: [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let container { query.append(("container", container)) }
        if follow { query.append(("follow", "true")) }
        if timestamps { query.append(("timestamps", "true")) }
        if let since { query.append(("sinceTime", since.description)) }
        if let tailLines { query.append(("tailLines", "\(tailLines)")) }
        return query
    }
}
