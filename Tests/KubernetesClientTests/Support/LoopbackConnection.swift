import Foundation
import Glibc

/// One accepted connection of a `LoopbackServer`.
final class LoopbackConnection {
    private let descriptor: CInt
    private var buffered = Data()

    init(_ descriptor: CInt) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), 1 /* TCP_NODELAY */, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    /// The next request; nil once the client has closed.
    func read() -> LoopbackServer.Request? {
        let end = Data("\r\n\r\n".utf8)
        while buffered.range(of: end) == nil { guard readMore() else { return nil } }
        guard let range = buffered.range(of: end) else { return nil }
        let head = String(decoding: buffered[..<range.lowerBound], as: UTF8.self)
        buffered = Data(buffered[range.upperBound...])
        let line = head.prefix { $0 != "\r\n" }.split(separator: " ").map(String.init)
        var request = LoopbackServer.Request(method: line[0], target: line[1], head: head, body: "")
        let length = request.header("Content-Length").flatMap { Int($0) } ?? 0
        while buffered.count < length { guard readMore() else { return nil } }
        request.body = String(decoding: buffered.prefix(length), as: UTF8.self)
        buffered = Data(buffered.dropFirst(length))
        return request
    }

    /// False when the connection is over.
    func write(_ reply: LoopbackServer.Reply) -> Bool {
        let head = "HTTP/1.1 \(reply.status) X\r\nContent-Type: application/json\r\n\(reply.headers)"
        if reply.pieces.count == 1, !reply.isCutOff, !reply.hangs {
            return write(Data("\(head)Content-Length: \(reply.pieces[0].count)\r\n\r\n".utf8) + reply.pieces[0])
        }
        guard write(Data("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8)) else { return false }
        for piece in reply.pieces where !piece.isEmpty {
            guard write(Data("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Data("\r\n".utf8)) else {
                return false
            }
        }
        if reply.isCutOff { return false }
        if reply.hangs {
            _ = readMore()
            return false
        }
        return write(Data("0\r\n\r\n".utf8))
    }

    /// Ends the connection the hard way.
    func reset() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    }

    private func write(_ data: Data) -> Bool {
        var rest = data[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    private func readMore() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return false }
        buffered.append(contentsOf: bytes.prefix(count))
        return true
    }
}
