import AsyncSupport

/// How a client behaves where its connection string says nothing.
package struct MongoOptions: Sendable {
    /// What the server's log calls us.
    package var applicationName = "report-operator"
    /// The number of blocking calls that go on at once.
    package var threadLimit = 4
    /// How long a call may wait for a thread.
    package var queueTimeout: Duration = .seconds(20)
    /// To find a server that can do what is asked.
    package var serverSelectionTimeout: Duration = .seconds(5)
    package var connectTimeout: Duration = .seconds(5)
    /// For a server's next bytes.
    package var socketTimeout: Duration = .seconds(10)

    package init() {}

    var defaults: [(String, Int32)] {
        [
            ("serverSelectionTimeoutMS", Int32(clamping: serverSelectionTimeout.milliseconds)),
            ("connectTimeoutMS", Int32(clamping: connectTimeout.milliseconds)),
            ("socketTimeoutMS", Int32(clamping: socketTimeout.milliseconds)),
            ("waitQueueTimeoutMS", Int32(clamping: serverSelectionTimeout.milliseconds)),
        ]
    }
}
