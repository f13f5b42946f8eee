import Foundation
import Glibc
import Synchronization

/// A TCP server on this machine whose every connection runs a script, on a thread of its own.
///
/// It listens until the process ends: a test's last mention of its server is not the last use of it.
final class ScriptedServer: Sendable {
    typealias Script = @Sendable (ServerConnection) -> Void

    let port: Int
    private let state: State

    private final class State: Sendable {
        let accepted = Atomic(0)
        let open = Mutex<[CInt]>([])
    }

    /// - Parameters:
    ///   - isIPv6: Listen on `[::1]` in place of `127.0.0.1`.
    ///   - script: What to do with a connection, which is closed afterwards.
    init(isIPv6: Bool = false, script: @escaping Script) {
        let state = State()
        let family = isIPv6 ? AF_INET6 : AF_INET
        let listener = socket(family, CInt(SOCK_STREAM.rawValue), 0)
        port = isIPv6 ? Self.bindIPv6(listener) : Self.bindIPv4(listener)
        precondition(port > 0 && listen(listener, 512) == 0, "The test server cannot listen")
        self.state = state
        Thread.detachNewThread {
            while true {
                let descriptor = accept(listener, nil, nil)
                // A child process that ends interrupts calls of other threads.
                if descriptor < 0, errno == EINTR { continue }
                guard descriptor >= 0 else { break }
                let number = state.accepted.add(1, ordering: .relaxed).newValue
                state.open.withLock { $0.append(descriptor) }
                Thread.detachNewThread {
                    script(ServerConnection(descriptor, number: number))
                    state.open.withLock { open in
                        open.removeAll { $0 == descriptor }
                        _ = close(descriptor)
                    }
                }
            }
            close(listener)
        }
    }

    /// Answers every request with 200 and that body, and keeps the connection.
    convenience init(body: String) {
        self.init { connection in
            while connection.readRequest() != nil { connection.respond(body) }
        }
    }

    var url: String { "http://127.0.0.1:\(port)/" }

    /// How many connections came in so far.
    var connectionCount: Int { state.accepted.load(ordering: .relaxed) }

    /// How many connections are open on this side.
    var openCount: Int { state.open.withLock { $0.count } }

    /// A port that nobody listens on.
    static func unusedPort() -> Int {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return bindIPv4(descriptor)
    }

    private static func bindIPv4(_ descriptor: CInt) -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return bind(descriptor, to: &address) { Int(UInt16(bigEndian: $0.sin_port)) }
    }

    private static func bindIPv6(_ descriptor: CInt) -> Int {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return bind(descriptor, to: &address) { Int(UInt16(bigEndian: $0.sin6_port)) }
    }

    private static func bind<Address>(
        _ descriptor: CInt, to address: inout Address, port: (Address) -> Int
    ) -> Int {
        var length = socklen_t(MemoryLayout<Address>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                Glibc.bind(descriptor, raw, length) == 0 ? getsockname(descriptor, raw, &length) : -1
            }
        }
        return result == 0 ? port(address) : -1
    }
}
