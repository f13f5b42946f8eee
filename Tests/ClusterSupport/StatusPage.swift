import Foundation

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
