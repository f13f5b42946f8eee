/// After which version to watch, and how long.
package struct WatchRequest: Hashable, Sendable {
    package var resourceVersion: String
    /// When the server is asked to end the watch.
    package var timeoutSeconds: Int
    /// After how long without a byte the connection counts as dead.
    package var idleDeadline: Duration
}
