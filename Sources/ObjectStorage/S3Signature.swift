import Digests
import FoundationEssentials
import HTTPTransport

/// Amazon's Signature Version 4 of a request.
///
/// libcurl's own, of 7.88, neither sorts a query nor encodes a path as S3 does, and other releases do other things; here each
/// part is made once, and goes out as it was signed.
struct S3Signature {
    let configuration: S3Configuration
    /// In seconds since 1970.
    let now: Int64

    static let nothing = SHA256.of([UInt8]())

    /// `path`: with its names as they are; `query`: the same. Sets the headers that the signature covers.
    func sign(
        _ method: HTTPMethod, host: String, path: String, query: [(String, String)], headers: inout HTTPHeaders,
        sha256: String
    ) {
        let (day, moment) = Self.moment(now)
        headers["x-amz-date"] = moment
        headers["x-amz-content-sha256"] = sha256
        if let token = configuration.credentials.token { headers["x-amz-security-token"] = token }
        var signed = headers.pairs.map { (name: $0.name.lowercased(), value: $0.value) }
            .filter { $0.name.hasPrefix("x-amz-") || ["if-match", "if-none-match", "content-type"].contains($0.name) }
        signed.append((name: "host", value: host))
        signed.sort { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let request = [
            method.rawValue, Self.encoded(path, keepingSlashes: true), Self.query(query),
            signed.map { "\($0.name):\($0.value)\n" }.joined(), names, sha256,
        ].joined(separator: "\n")
        let scope = "\(day)/\(configuration.region)/s3/aws4_request"
        let text = ["AWS4-HMAC-SHA256", moment, scope, SHA256.of(Array(request.utf8))].joined(separator: "\n")
        var key = Array("AWS4\(configuration.credentials.secret)".utf8)
        for part in [day, configuration.region, "s3", "aws4_request"] {
            key = HMACSHA256.of(Array(part.utf8), key: key)
        }
        let signature = HMACSHA256.of(Array(text.utf8), key: key)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        headers["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(configuration.credentials.id)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(signature)"
    }

    /// Sorted by the encoded names.
    static func query(_ query: [(String, String)]) -> String {
        query.map { (encoded($0.0, keepingSlashes: false), encoded($0.1, keepingSlashes: false)) }
            .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    static func encoded(_ text: String, keepingSlashes: Bool) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x2F where keepingSlashes: encoded.append("/")
            default:
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    /// `20261129` and `20261129T183000Z`.
    private static func moment(_ seconds: Int64) -> (String, String) {
        let date = Date(timeIntervalSince1970: Double(seconds))
        let text = date.formatted(Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 0) ?? .gmt))
        let plain = text.filter { $0 != "-" && $0 != ":" }
        return (String(plain.prefix(8)), plain)
    }
}
