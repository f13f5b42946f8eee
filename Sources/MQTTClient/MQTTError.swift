/// Why a connection, a message or a subscription came to nothing.
package struct MQTTError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        /// What was given to secure the connection can't be used: authorities, certificate or key.
        case configuration
        /// The name has no address.
        case resolve
        /// The broker's address may not be connected to.
        case addressRefused
        /// Nobody takes the connection.
        case connect
        /// The broker's certificate isn't trusted, or is of another name.
        case certificate
        /// The broker doesn't take our certificate, or wants one.
        case clientCertificate
        /// The handshake failed for another reason.
        case tls
        /// User and password, or what they may do.
        case credentials
        /// The broker takes no connection now.
        case busy
        /// The broker takes no connection of this kind, with MQTT's number for why.
        case refused(Int32)
        /// The user may not publish or subscribe there.
        case topicRefused
        /// No broker takes a message like this: its topic or its size.
        case message
        case connectionLost
        /// Not in time.
        case timeout
        /// The caller didn't want it any more when its turn came.
        case stopped
        /// The task was cancelled.
        case cancelled
        /// The connection was closed by this program.
        case closed
    }

    package let code: Code
    /// For people: what happened. Never has a password in it.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same may succeed later without anybody mending something.
    package var mayPass: Bool {
        switch code {
        case .resolve, .connect, .tls, .busy, .connectionLost, .timeout, .stopped, .cancelled, .closed: true
        case .configuration, .addressRefused, .certificate, .clientCertificate, .credentials, .refused, .topicRefused,
            .message:
            false
        }
    }
}

extension MQTTError: CustomStringConvertible {
    package var description: String { message }
}
