import AsyncSupport
package import FoundationEssentials
package import HTTPTransport
import KubernetesModel
import ReportLayout

/// What a server says with its status, on one line, for people.
package enum AnswerWords {
    /// How much of a body is looked at.
    static let longest = 4096

    /// `hooks.example.com answered 422: unknown plant`. `hidden`: what must not be shown, such as the rest of an address
    /// that nobody else may know.
    package static func of(_ status: Int, _ headers: HTTPHeaders, _ body: Data, server: String, hiding hidden: [String])
        -> String
    {
        let type = (headers["Content-Type"] ?? "").lowercased()
        var text = ""
        // A page is nothing to read on one line.
        if type.hasPrefix("text/plain") || type.contains("json") || type.isEmpty {
            text = String(decoding: body.prefix(longest), as: UTF8.self).onOneLine
            for secret in hidden where secret.utf8.count > 1 { text = text.replacing(secret, with: "…") }
        }
        let words = text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }.joined(separator: " ")
        return "\(server) answered \(status)" + (words.isEmpty ? "" : ": \(words.head(bytes: 240))")
    }
}

extension HTTPBody {
    /// Its beginning; what follows is left where it is long, else read, so that the connection can be kept.
    func beginning(bytes limit: Int, readingUpTo most: Int = 64 << 10) async -> Data {
        var (data, count) = (Data(), 0)
        var iterator = makeAsyncIterator()
        while count < most {
            let next = await Result { () async throws(HTTPError) in try await iterator.next() }
            guard case .success(let chunk?) = next else { break }
            count += chunk.count
            if data.count < limit { data += chunk.prefix(limit - data.count) }
        }
        return data
    }
}
