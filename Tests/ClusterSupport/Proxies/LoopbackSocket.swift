package import Foundation
import Glibc

/// Blocking sockets on the loopback, for threads of their own.
package enum LoopbackSocket {
    static func listen() -> (listener: CInt, port: Int) {
        let listener = open()
        var address = address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                precondition(bind(listener, raw, length) == 0 && getsockname(listener, raw, &length) == 0)
            }
        }
        precondition(Glibc.listen(listener, 128) == 0)
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    package static func connect(port: Int) -> CInt? {
        let descriptor = open()
        var address = address(port: port)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                Glibc.connect(descriptor, raw, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func open() -> CInt { socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0) }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return address
    }

    /// One HTTP request with its body; nil when there is none.
    static func readRequest(_ descriptor: CInt) -> LoopbackRequest? {
        guard let (head, rest) = readHead(descriptor) else { return nil }
        let lengthLine = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let length = lengthLine.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        var body = rest
        while body.count < length {
            guard let more = receive(descriptor) else { return nil }
            body.append(more)
        }
        return LoopbackRequest(head: head, body: body)
    }

    /// The lines before the empty one, and what of the body has come with them; nil when the connection ends before.
    static func readHead(_ descriptor: CInt) -> (head: String, rest: Data)? {
        var data = Data()
        let end = Data("\r\n\r\n".utf8)
        while true {
            if let found = data.range(of: end) {
                return (String(decoding: data[..<found.lowerBound], as: UTF8.self), Data(data[found.upperBound...]))
            }
            guard let more = receive(descriptor) else { return nil }
            data.append(more)
        }
    }

    package static func send(_ data: Data, to descriptor: CInt) -> Bool {
        var rest = data[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Hands on what `server` says, as `change` makes it, until one of the two ends.
    package static func relay(
        from server: CInt, to client: CInt, changing change: (Data) -> Data = { $0 }
    ) {
        while true {
            var both = [
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&both, 2, -1) > 0 else { return }
            // A client that has asked says no more; what can be read of it is its end.
            if both[1].revents != 0, receive(client) == nil { return }
            guard both[0].revents != 0 else { continue }
            guard let data = receive(server), send(change(data), to: client) else { return }
        }
    }

    /// All that comes, to the end.
    @discardableResult
    package static func drain(_ descriptor: CInt) -> Data {
        var data = Data()
        while let more = receive(descriptor) { data.append(more) }
        return data
    }

    private static func receive(_ descriptor: CInt) -> Data? {
        var bytes = [UInt8](repeating: 0, count: 16384)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? Data(bytes.prefix(count)) : nil
    }
}
