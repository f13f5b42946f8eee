import Foundation
import Glibc

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A page of the operator's status server.
package struct StatusPage: Sendable {
    package let code: Int
    package let text: String

    /// The page, as soon as somebody listens.
    package static func get(
        _ path: String, host: String = "127.0.0.1", port: UInt16, within limit: Duration = .seconds(30)
    ) async throws -> StatusPage {
        guard let url = URL(string: "http://\(host):\(port)/\(path)") else {
            throw URLError(.badURL)
        }
        let deadline = ContinuousClock.now + limit
        while true {
            do {
                let (data, response) = try await URLSession.shared.data(from: url)
                let code = (response as? HTTPURLResponse)?.statusCode ?? 0
                return StatusPage(code: code, text: String(decoding: data, as: UTF8.self))
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
                // Nobody listens yet, and nothing tells when.
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}

package enum FreePort {
    package struct None: Error {}

    /// A port on the loopback that nobody has at this moment.
    package static func find() throws -> UInt16 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) == 0 ? getsockname(socket, pointer, &length) : -1
            }
        }
        guard result == 0 else { throw None() }
        return UInt16(bigEndian: address.sin_port)
    }
}
