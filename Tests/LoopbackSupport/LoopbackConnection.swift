package import Foundation
import Glibc

/// One connection on the loopback, with calls that block a thread of its own, for a minute at the most.
package final class LoopbackConnection {
    private let descriptor: CInt
    /// 1 for a listener's first connection.
    package let number: Int
    /// What has come and belongs to no complete request.
    package private(set) var unread = Data()

    /// Its maker closes the descriptor.
    init(_ descriptor: CInt, number: Int) {
        self.descriptor = descriptor
        self.number = number
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), 1 /* TCP_NODELAY */, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    /// A connection to a port, to be closed by `close`; nil where nobody listens.
    package static func open(toPort port: Int) -> LoopbackConnection? {
        LoopbackSocket.connect(to: port).map { LoopbackConnection($0, number: 0) }
    }

    package func close() { _ = Glibc.close(descriptor) }

    /// Makes the coming close a reset.
    package func resetOnClose() {
        var none = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, socklen_t(MemoryLayout<linger>.size))
    }

    // MARK: Reading

    /// The next request with its body; nil once the client has closed.
    package func readRequest() -> LoopbackRequest? {
        guard let head = readHead(), var request = LoopbackRequest(head: head) else { return nil }
        let length = request.header("Content-Length").flatMap { Int($0) } ?? 0
        while unread.count < length { guard readMore() else { return nil } }
        request.body = take(length)
        return request
    }

    /// The lines before the empty one; nil when the connection ends before. What comes behind them stays unread.
    package func readHead() -> String? { read(through: "\r\n\r\n") }

    /// What comes before `end`, which is taken too; nil when the connection ends before it.
    package func read(through end: String) -> String? {
        let end = Data(end.utf8)
        while true {
            if let found = unread.range(of: end) {
                let text = String(decoding: unread[..<found.lowerBound], as: UTF8.self)
                unread = Data(unread[found.upperBound...])
                return text
            }
            guard readMore() else { return nil }
        }
    }

    /// Exactly that many bytes, or fewer if the other side closes.
    package func readBytes(_ count: Int) -> [UInt8] {
        while unread.count < count, readMore() {}
        return Array(take(min(count, unread.count)))
    }

    /// All that comes, to the end.
    @discardableResult
    package func drain() -> Data {
        while readMore() {}
        return take(unread.count)
    }

    /// Waits until the other side closes; false if it did not.
    package func waitForClose() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = receive(&byte, 1)
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    private func take(_ count: Int) -> Data {
        let taken = Data(unread.prefix(count))
        unread = Data(unread.dropFirst(count))
        return taken
    }

    private func readMore() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = receive(&bytes, bytes.count)
        guard count > 0 else { return false }
        unread.append(contentsOf: bytes.prefix(count))
        return true
    }

    // A child process that ends interrupts calls of threads that have nothing to do with it.
    private func receive(_ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
        while true {
            let received = recv(descriptor, buffer, count, 0)
            if received >= 0 || errno != EINTR { return received }
        }
    }

    // MARK: Writing

    /// Sends a complete response that keeps the connection.
    package func respond(_ body: String, status: String = "200 OK", headers: String = "") {
        write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Sends the head of a response of unknown length.
    @discardableResult
    package func startChunked(status: String = "200 OK", headers: String = "") -> Bool {
        write("HTTP/1.1 \(status)\r\nTransfer-Encoding: chunked\r\n\(headers)\r\n")
    }

    @discardableResult
    package func writeChunk(_ text: String) -> Bool { writeChunk(Data(text.utf8)) }

    @discardableResult
    package func writeChunk(_ data: Data) -> Bool {
        write(Data("\(String(data.count, radix: 16))\r\n".utf8) + data + Data("\r\n".utf8))
    }

    @discardableResult
    package func write(_ text: String) -> Bool { write(Data(text.utf8)) }

    /// False once the other side has gone.
    @discardableResult
    package func write(_ data: Data) -> Bool {
        var rest = data[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard sent > 0 || errno == EINTR else { return false }
            rest = rest.dropFirst(max(0, sent))
        }
        return true
    }

    /// Hands on what either side says until one of the two ends; what `other` says as `change` makes it, and what this one
    /// says as `answer` makes that: nil ends both.
    package func relay(
        with other: LoopbackConnection, changing change: (Data) -> Data = { $0 },
        answering answer: (Data) -> Data? = { $0 }
    ) {
        // What came of either with a head that was read already.
        guard unread.isEmpty || other.write(answer(take(unread.count)) ?? Data()),
            other.unread.isEmpty || write(change(other.take(other.unread.count)))
        else { return }
        var ends = [descriptor, other.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            let ready = poll(&ends, 2, -1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return }
            if ends[0].revents != 0 {
                guard readMore(), let said = answer(take(unread.count)), other.write(said) else { return }
            }
            if ends[1].revents != 0 {
                guard other.readMore(), write(change(other.take(other.unread.count))) else { return }
            }
        }
    }
}
