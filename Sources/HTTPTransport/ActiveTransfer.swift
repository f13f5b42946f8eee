internal import CCurl
import FoundationEssentials

/// A transfer while libcurl carries it out: the easy handle with the state of its callbacks.
///
/// Belongs to the loop's thread. libcurl's callbacks hold it unretained, so it must outlive the transfer.
final class ActiveTransfer {
    let transfer: Transfer
    let easy: EasyHandle
    let sockets: SocketRegistry
    private var parser = ResponseHeadParser()
    private var sentBytes = 0
    private(set) var deadlines: TransferDeadlines
    private(set) var isConnected = false

    /// The sockets opened for this transfer.
    private(set) var ownSockets: Set<CInt> = []

    /// The local port of the connection in use, which may be older than the transfer.
    private(set) var localPort: Int?

    init(_ transfer: Transfer, easy: EasyHandle, sockets: SocketRegistry) {
        self.transfer = transfer
        self.easy = easy
        self.sockets = sockets
        deadlines = TransferDeadlines(transfer.request.timeouts, start: .now)
    }

    /// The transfer that a handle was set up for by `setCallbacks`.
    static func borrowed(from easy: UnsafeMutableRawPointer) -> ActiveTransfer? {
        ccurl_easy_private(easy).map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// What a result of libcurl means for this transfer; `nil` if all is well.
    func error(for code: CURLcode) -> HTTPError? {
        guard code != CURLE_OK else { return nil }
        return HTTPError(
            curl: code, message: easy.message(for: code), url: transfer.request.url, isConnected: isConnected)
    }

    // MARK: What the callbacks tell

    func connected(localPort: Int) {
        isConnected = true
        self.localPort = localPort
        deadlines.requestProgressed(at: .now)
    }

    /// Copies the next piece of the body out; 0 at its end.
    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let body = transfer.request.body, sentBytes < body.count else { return 0 }
        let start = body.startIndex + sentBytes
        let count = min(buffer.count, body.count - sentBytes)
        body.copyBytes(to: buffer, from: start..<start + count)
        sentBytes += count
        deadlines.requestProgressed(at: .now)
        return count
    }

    func headLineReceived(_ line: UnsafeRawBufferPointer) {
        guard let head = parser.consume(line) else { return }
        deadlines.responseProgressed(at: .now)
        transfer.headReceived(head)
    }

    /// False to end the transfer.
    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> Bool {
        deadlines.responseProgressed(at: .now)
        return transfer.bodyReceived(bytes)
    }

    func openSocket(_ address: curl_sockaddr) -> CInt {
        let descriptor = sockets.open(
            family: address.family, type: address.socktype, protocolNumber: address.protocol, userTimeout: 40_000)
        if descriptor >= 0 { ownSockets.insert(descriptor) }
        return descriptor
    }
}
