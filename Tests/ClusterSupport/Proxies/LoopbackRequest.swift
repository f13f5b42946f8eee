package import Foundation

/// One HTTP request with its body.
package struct LoopbackRequest: Sendable {
    package var method: String
    /// Path and query.
    package var target: String
    /// Those that concern the connection are left out.
    package var headers: [(name: String, value: String)]
    package var body: Data

    /// Nil where that is no request head.
    init?(head: String, body: Data) {
        let lines = head.split(separator: "\r\n").map(String.init)
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        guard words.count == 3 else { return nil }
        (method, target, self.body) = (words[0], words[1], body)
        headers = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let name = String(line[..<colon])
            guard !["connection", "content-length"].contains(name.lowercased()) else { return nil }
            return (name, line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
    }

    /// The part of the target before the query.
    package var path: Substring { target.prefix { $0 != "?" } }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package mutating func set(_ name: String, _ value: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        headers.append((name, value))
    }

    /// It as it goes over the wire. The connection ends after its answer, which with `version` 1.0 comes in one piece.
    package func bytes(version: String = "1.1") -> Data {
        var head = "\(method) \(target) HTTP/\(version)\r\n"
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        if !body.isEmpty || method != "GET" { head += "Content-Length: \(body.count)\r\n" }
        return Data((head + "Connection: close\r\n\r\n").utf8) + body
    }
}
