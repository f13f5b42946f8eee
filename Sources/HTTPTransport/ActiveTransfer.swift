internal import CCurl
import FoundationEssentials
import NetworkAddresses

/// A transfer while libcurl carries it out: the easy handle with the state of its callbacks.
///
/// Belongs to the loop's thread. libcurl's callbacks hold it unretained, so it must outlive the transfer.
final class ActiveTransfer {
    let transfer: Transfer
    let easy: EasyHandle
    let sockets: SocketRegistry
    private var parser = ResponseHeadParser()
    private let addressRule: AddressRule
    private let body: BodyReader
    private var isStopped = false
    /// Why no connection was tried, of the last address that the rule forbids.
    private var addressObstacle: String?
    private(set) var deadlines: TransferDeadlines
    private(set) var isConnected = false

    /// Whether all of the request went to the network.
    var isOut: Bool { isConnected && body.isAtEnd }

    /// The sockets opened for this transfer.
    private(set) var ownSockets: Set<CInt> = []

    /// The local port of the connection in use, which may be older than the transfer.
    private(set) var localPort: Int?

    init(_ transfer: Transfer, easy: EasyHandle, sockets: SocketRegistry, addressRule: AddressRule) {
        self.transfer = transfer
        self.easy = easy
        self.sockets = sockets
        self.addressRule = addressRule
        body = BodyReader(transfer.request)
        deadlines = TransferDeadlines(transfer.request.timeouts, start: .now)
    }

    /// The transfer that a handle was set up for by `setCallbacks`.
    static func borrowed(from easy: UnsafeMutableRawPointer) -> ActiveTransfer? {
        ccurl_easy_private(easy).map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// What a result of libcurl means for this transfer; `nil` if all is well.
    func error(for code: CURLcode) -> HTTPError? {
        guard code != CURLE_OK else { return nil }
        let url = transfer.request.url
        if isStopped { return HTTPError(code: .cancelled, message: "Stopped before the request was sent", url: url) }
        if let fault = body.fault {
            return HTTPError(code: .invalidRequest, message: fault, url: url, mayHaveReachedServer: isConnected)
        }
        if let addressObstacle, !isConnected, code == CURLE_COULDNT_CONNECT {
            return HTTPError(code: .addressRefused, message: addressObstacle, url: url)
        }
        return HTTPError(
            curl: code, message: easy.message(for: code), url: url, isConnected: isConnected,
            isOut: isOut)
    }

    // MARK: What the callbacks tell

    /// False to end the transfer, of which nothing is out yet.
    func connected(localPort: Int) -> Bool {
        guard transfer.request.mayBegin?() ?? true else {
            isStopped = true
            return false
        }
        isConnected = true
        self.localPort = localPort
        deadlines.requestProgressed(at: .now)
        return true
    }

    /// Copies the next piece of the body out: 0 at its end, nil to end the transfer.
    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let count = body.read(into: buffer) else { return nil }
        if count > 0 { deadlines.requestProgressed(at: .now) }
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

    /// -1 where there is none to be had, or the connection may not lead there; libcurl then tries the next address.
    func openSocket(_ address: UnsafePointer<curl_sockaddr>) -> CInt {
        let (family, type, number) = (address.pointee.family, address.pointee.socktype, address.pointee.protocol)
        if let obstacle = Self.obstacle(to: address, by: addressRule) {
            addressObstacle = obstacle
            return -1
        }
        let descriptor = sockets.open(family: family, type: type, protocolNumber: number, userTimeout: 40_000)
        if descriptor >= 0 { ownSockets.insert(descriptor) }
        return descriptor
    }

    private static func obstacle(to address: UnsafePointer<curl_sockaddr>, by rule: AddressRule) -> String? {
        // The structure's last member is as long as the address is, which its type doesn't say.
        let start = UnsafeRawPointer(address) + (MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 16)
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(address.pointee.addrlen))
        return rule.obstacle(toSocketAddress: bytes)
    }
}
