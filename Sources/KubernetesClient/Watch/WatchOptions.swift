/// What a watch request asks for.
public struct WatchOptions: Hashable, Sendable {
    public var labelSelector: String?
    public var fieldSelector: String?
    /// Events after this version. nil: begin with everything there is, as `added` events.
    public var resourceVersion: String?
    /// When the server ends the watch. A caller takes a random one of 300...600, so that watches don't end together.
    public var timeoutSeconds: Int
    /// Bookmarks report the newest version even when nothing happens, about once a minute.
    public var allowBookmarks: Bool
    /// How long a watch may be silent before it counts as dead. nil: 150 s with bookmarks, which come each
    /// minute, else 30 s beyond `timeoutSeconds`. A load balancer may drop a quiet connection silently.
    public var idleDeadline: Duration?

    public init(
        labelSelector: String? = nil,
        fieldSelector: String? = nil,
        resourceVersion: String? = nil,
        timeoutSeconds: Int = 300,
        allowBookmarks: Bool = true,
        idleDeadline: Duration? = nil
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.resourceVersion = resourceVersion
        self.timeoutSeconds = timeoutSeconds
        self.allowBookmarks = allowBookmarks
        self.idleDeadline = idleDeadline
    }

    var effectiveIdleDeadline: Duration {
        idleDeadline ?? (allowBookmarks ? .seconds(150) : .seconds(timeoutSeconds + 30))
    }
}
