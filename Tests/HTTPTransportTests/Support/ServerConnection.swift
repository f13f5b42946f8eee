import Foundation
import Glibc

/// One connection of a `ScriptedServer`, with blocking calls that give up after a minute.
final class ServerConnection {
    struct Request {
        var line: String
        var head: String
        var body: String

        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
    }

    let descriptor: CInt
    /// 1 for the server's first connection.
    let number: Int
    private var buffered = Data()

    /// What came and belongs to no complete request.
    var unread: Data { buffered }

    init(_ descriptor: CInt, number: Int) {
        self.descriptor = descriptor
        self.number = number
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), 1 /* TCP_NODELAY */, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    /// The next request with its body; `nil` once the client has closed.
    func readRequest() -> Request? {
        let end = Data("\r\n\r\n".utf8)
        while buffered.range(of: end) == nil { guard readMore() else { return nil } }
        guard let range = buffered.range(of: end) else { return nil }
        let head = String(decoding: buffered[..<range.lowerBound], as: UTF8.self)
        buffered = Data(buffered[range.upperBound...])
        var request = Request(line: String(head.prefix { $0 != "\r\n" }), head: head, body: "")
        let length = request.header("Content-Length").flatMap { Int($0) } ?? 0
        while buffered.count < length { guard readMore() else { return nil } }
        request.body = String(decoding: buffered.prefix(length), as: UTF8.self)
        buffered = Data(buffered.dropFirst(length))
        return request
    }

    /// Sends a complete response that keeps the connection.
    func respond(_ body: String, status: String = "200 OK", headers: String = "") {
        write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Sends the head of a response of unknown length.
    func startChunked() {
        write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    func writeChunk(_ text: String) {
        write("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
    }

    @discardableResult
    func write(_ text: String) -> Bool {
        write(Data(text.utf8))
    }

    /// False once the client has gone.
    @discardableResult
    func write(_ data: Data) -> Bool {
        var rest = data[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard sent > 0 || errno == EINTR else { return false }
            rest = rest.dropFirst(max(0, sent))
        }
        return true
    }

    /// Waits until the client closes; false if it did not.
    func waitForClose() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = receive(&byte, 1)
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    /// Hands bytes on in both directions until one side closes.
    func relay(toPort port: Int) {
        let other = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(other) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { return }
        write("HTTP/1.1 200 Connection established\r\n\r\n")
        var ends = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        ends.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0))
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let ready = poll(&ends, 2, 8000)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return }
            for (from, to) in [(0, 1), (1, 0)] where ends[from].revents != 0 {
                let count = recv(ends[from].fd, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                guard send(ends[to].fd, buffer, count, CInt(MSG_NOSIGNAL)) == count else { return }
            }
        }
    }

    // A child process that ends interrupts calls of threads that have nothing to do with it.
    fileprivate func receive(_ buffer: UnsafeMutableRawPointer, _ count: Int, _ flags: CInt = 0) -> Int {
        while true {
            let received = recv(descriptor, buffer, count, flags)
            if received >= 0 || errno != EINTR { return received }
        }
    }

    private func readMore() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = receive(&bytes, bytes.count)
        guard count > 0 else { return false }
        buffered.append(contentsOf: bytes.prefix(count))
        return true
    }
}

extension ServerConnection {
    /// Makes the coming close a reset.
    func resetOnClose() {
        var none = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, socklen_t(MemoryLayout<linger>.size))
    }
}

extension ServerConnection {
    /// Exactly that many bytes, or fewer if the client closes.
    func readBytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = receive(&bytes, count, CInt(MSG_WAITALL))
        return Array(bytes.prefix(max(0, read)))
    }
}
