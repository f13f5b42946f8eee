package import Foundation

/// One HTTP request with its body.
package struct LoopbackRequest: Sendable {
    package var method: String
    /// Path and query; the whole URL where a proxy is asked.
    package var target: String
    package var version: String
    package var headers: [(name: String, value: String)]
    package var body = Data()

    /// Nil where that is no request's head.
    init?(head: String) {
        let lines = head.split(separator: "\r\n").map(String.init)
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        guard words.count == 3 else { return nil }
        (method, target, version) = (words[0], words[1], words[2])
        headers = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
    }

    /// The first line.
    package var line: String { "\(method) \(target) \(version)" }

    /// The first line and the headers.
    package var head: String {
        ([line] + headers.map { "\($0.name): \($0.value)" }).joined(separator: "\r\n")
    }

    /// The body, where it is text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The part of the target before the query.
    package var path: Substring { target.prefix { $0 != "?" } }

    package func header(_ name: String) -> String? { values(name).first }

    /// Of a header that may stand there several times.
    package func values(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    package mutating func set(_ name: String, _ value: String) {
        remove(name)
        headers.append((name, value))
    }

    package mutating func remove(_ name: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
    }

    /// It as it is handed on. The connection ends after its answer, which with `version` 1.0 comes in one piece.
    package func bytes(version: String = "1.1") -> Data {
        var request = self
        request.version = "HTTP/\(version)"
        request.remove("Content-Length")
        if !body.isEmpty || method != "GET" { request.set("Content-Length", "\(body.count)") }
        request.set("Connection", "close")
        return Data("\(request.head)\r\n\r\n".utf8) + body
    }
}
