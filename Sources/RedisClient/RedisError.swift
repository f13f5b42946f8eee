/// Why a command, a connection or a subscription came to nothing.
package struct RedisError: Error, Sendable, Hashable {
    package enum Code: Hashable, Sendable {
        /// The address or an option can't be used.
        case invalidConfiguration
        /// No connection: no such name, refused, or no answer in time.
        case unreachable
        /// No secure connection: certificate, name, or handshake.
        case tls
        /// No reply in time.
        case timeout
        /// The connection broke while the command was on its way.
        case connectionLost
        /// NOAUTH or WRONGPASS.
        case authentication
        /// NOPERM: the user may not do this.
        case notPermitted
        /// Redis has just started and still reads its data.
        case loading
        /// A script occupies Redis.
        case busy
        /// A replica, or a server that can't save: it takes no writes.
        case readOnly
        case outOfMemory
        /// No such consumer group or stream.
        case noGroup
        /// EVALSHA of a script that the server doesn't know.
        case noScript
        /// Any other error that Redis answered.
        case server(code: String)
        /// What came isn't Redis' protocol.
        case protocolError
        /// A reply of another shape than the command has: another kind of server, or another version.
        case unexpectedReply
        /// The task was cancelled.
        case cancelled
        /// The connection was closed by this program.
        case closed
    }

    package let code: Code

    /// For people: what happened and what to do next. Never has a password in it.
    package let message: String

    /// Whether Redis may have carried out the command although this error came instead of its reply.
    package let mayHaveReachedServer: Bool

    package init(_ code: Code, _ message: String, mayHaveReachedServer: Bool = false) {
        self.code = code
        self.message = message
        self.mayHaveReachedServer = mayHaveReachedServer
    }

    /// Whether the same may succeed later without anybody changing the command. Says nothing about safety: for that,
    /// the command must be idempotent, or `mayHaveReachedServer` false.
    package var isRetryable: Bool {
        switch code {
        case .unreachable, .timeout, .connectionLost, .loading, .busy, .readOnly, .outOfMemory, .noGroup, .noScript:
            true
        // Passwords and certificates get replaced, and then the next attempt is the one that works.
        case .authentication, .notPermitted, .tls, .protocolError: true
        case .server(let code): ["CLUSTERDOWN", "TRYAGAIN", "MASTERDOWN", "NOREPLICAS", "UNKILLABLE"].contains(code)
        case .invalidConfiguration, .unexpectedReply, .cancelled, .closed: false
        }
    }
}

extension RedisError: CustomStringConvertible {
    package var description: String { message }
}
