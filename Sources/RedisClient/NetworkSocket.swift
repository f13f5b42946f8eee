internal import CHiredis
import Glibc

/// A non-blocking stream socket, with TLS over it or without, closed when it is let go.
final class NetworkSocket {
    enum Progress {
        case count(Int)
        /// Not now: when `poll` reports these events.
        case wouldBlock(events: CShort)
        /// Closed by the other side.
        case end
        /// Broken, with the reason for people.
        case failed(String)
    }

    let descriptor: CInt
    private var tls: TLSSession?

    /// Begins to connect; `nil` and `errno` if that fails at once.
    init?(connectingTo address: SocketAddress) {
        descriptor = chiredis_stream_socket(address.family)
        guard descriptor >= 0 else { return nil }
        if address.family != AF_UNIX { chiredis_tune_tcp(descriptor) }
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 || errno == EINPROGRESS || errno == EAGAIN
        else {
            close(descriptor)
            return nil
        }
    }

    deinit {
        tls = nil
        close(descriptor)
    }

    /// What became of the connection once it is writable; nil if it is established.
    var connectionFault: String? {
        // As long as the call: the optimiser may release the last reference once the number is read.
        let code = withExtendedLifetime(self) { chiredis_socket_error(descriptor) }
        return code == 0 ? nil : String(cString: strerror(code))
    }

    func startTLS(_ session: consuming TLSSession) { tls = consume session }

    /// Advances the TLS handshake; `count` when it is complete.
    func handshake() -> Progress { tls?.handshake() ?? .count(0) }

    func send(_ bytes: UnsafeRawBufferPointer) -> Progress {
        defer { withExtendedLifetime(self) {} }
        if let progress = tls?.write(bytes) { return progress }
        while true {
            let count = chiredis_send(descriptor, bytes.baseAddress, bytes.count)
            if count >= 0 { return .count(count) }
            if errno == EAGAIN { return .wouldBlock(events: CShort(POLLOUT)) }
            if errno != EINTR { return .failed(String(cString: strerror(errno))) }
        }
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Progress {
        defer { withExtendedLifetime(self) {} }
        if let progress = tls?.read(into: buffer) { return progress }
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .count(count) }
            if count == 0 { return .end }
            if errno == EAGAIN { return .wouldBlock(events: CShort(POLLIN)) }
            if errno != EINTR { return .failed(String(cString: strerror(errno))) }
        }
    }
}
