import Foundation
package import KubernetesModel

/// What curl gets, as people do.
package struct WebAnswer: Sendable {
    package let status: Int
    /// By names in lower case; the last one of several.
    package let headers: [String: String]
    package let body: String

    package var json: JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(body.utf8)) }

    /// `token`: a bearer token. `options`: more of curl's own.
    package static func get(
        _ url: String, method: String = "GET", token: String? = nil, json: String? = nil, options: [String] = []
    ) async throws -> WebAnswer {
        var arguments = ["curl", "--silent", "--show-error", "--include", "--max-time", "90", "--request", method]
        if let json { arguments += ["--header", "Content-Type: application/json", "--data-raw", json] }
        // By standard input: everybody can read a command line.
        if token != nil { arguments += ["--header", "@-"] }
        let output = try await Command.run(
            arguments + options + [url], input: token.map { "Authorization: Bearer \($0)\n" })
        return try WebAnswer(output)
    }

    private init(_ output: String) throws {
        guard let end = output.range(of: "\r\n\r\n") else {
            throw Command.Failed(description: "no answer: \(output)")
        }
        let lines = output[..<end.lowerBound].components(separatedBy: "\r\n")
        guard let code = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Command.Failed(description: "no status: \(output)")
        }
        status = code
        headers = lines.dropFirst().reduce(into: [:]) { headers, line in
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
        }
        body = String(output[end.upperBound...])
    }
}
