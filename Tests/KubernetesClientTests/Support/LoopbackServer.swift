import Foundation
import Glibc
import Synchronization

/// An HTTP server on the loopback whose answers are a function of the request. `nil` resets the connection.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        var method: String
        var target: String
        var head: String
        var body: String

        func header(_ name: String) -> String? { headers(name).first }

        func headers(_ name: String) -> [String] {
            head.split(separator: "\r\n").filter { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
    }

    struct Reply: Sendable {
        var status = 200
        var headers = ""
        /// One piece is sent whole; more go as chunks, one write each.
        var pieces: [Data]
        /// Whether the connection ends in the middle of the body.
        var isCutOff = false
        /// Whether nothing follows the pieces, nor the end.
        var hangs = false

        static func json(_ text: String, status: Int = 200, headers: String = "") -> Reply {
            Reply(status: status, headers: headers, pieces: [Data(text.utf8)])
        }

        static func status(_ code: Int, _ reason: String, headers: String = "", extra: String = "") -> Reply {
            json(
                #"{"kind":"Status","status":"Failure","code":\#(code),"reason":"\#(reason)","message":"m"\#(extra)}"#,
                status: code,
                headers: headers
            )
        }
    }

    let port: Int
    private let listener: CInt
    private let state: State

    private final class State: Sendable {
        let requests = Mutex<[Request]>([])
        let open = Mutex<[CInt]>([])
        let accepted = Atomic(0)
    }

    init(_ answer: @escaping @Sendable (Request, _ number: Int) -> Reply?) {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                precondition(bind(listener, raw, length) == 0 && getsockname(listener, raw, &length) == 0)
            }
        }
        precondition(listen(listener, 128) == 0)
        let state = State()
        (self.listener, self.state, port) = (listener, state, Int(UInt16(bigEndian: address.sin_port)))
        Thread.detachNewThread {
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                state.accepted.add(1, ordering: .relaxed)
                state.open.withLock { $0.append(descriptor) }
                Thread.detachNewThread {
                    Self.serve(LoopbackConnection(descriptor), state, answer)
                    state.open.withLock { open in
                        open.removeAll { $0 == descriptor }
                        _ = close(descriptor)
                    }
                }
            }
            close(listener)
        }
    }

    deinit {
        shutdown(listener, CInt(SHUT_RDWR))
        state.open.withLock { $0.forEach { shutdown($0, CInt(SHUT_RDWR)) } }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// All requests so far, in order.
    var requests: [Request] { state.requests.withLock { $0 } }

    var connectionCount: Int { state.accepted.load(ordering: .relaxed) }

    var openCount: Int { state.open.withLock { $0.count } }

    private static func serve(
        _ connection: LoopbackConnection, _ state: State, _ answer: (Request, Int) -> Reply?
    ) {
        while let request = connection.read() {
            let number = state.requests.withLock { requests in
                requests.append(request)
                return requests.count
            }
            guard let reply = answer(request, number) else { return connection.reset() }
            guard connection.write(reply) else { return }
        }
    }
}
