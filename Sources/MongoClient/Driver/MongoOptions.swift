/// How a client behaves where its connection string says nothing.
package struct MongoOptions: Sendable {
    /// What the server's log calls us.
    package var applicationName = "report-operator"
    /// Of the calls that block: so many go on at once.
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
            ("serverSelectionTimeoutMS", serverSelectionTimeout.milliseconds),
            ("connectTimeoutMS", connectTimeout.milliseconds),
            ("socketTimeoutMS", socketTimeout.milliseconds),
            ("waitQueueTimeoutMS", serverSelectionTimeout.milliseconds),
        ]
    }
}

extension Duration {
    /// At least one: libmongoc takes 0 for no limit.
    fileprivate var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        return Int32(clamping: max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}
