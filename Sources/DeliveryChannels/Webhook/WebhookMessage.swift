import Digests
import FoundationEssentials
import HTTPTransport
import KubernetesModel
import ReportAPI

/// What is posted to a webhook: a JSON text that is the same for each try, and behind it the files.
struct WebhookMessage {
    /// What is signed.
    let json: [UInt8]
    private let files: [Dispatch.File]
    /// The same for each try.
    let id: String

    init(_ dispatch: Dispatch) {
        id = Self.id(dispatch.id)
        files = dispatch.files
        let message: JSONValue = .object([
            "type": .string(ReportNotice.type(of: dispatch)),
            "timestamp": ReportNotice.time(dispatch.createdAt),
            "data": .object(ReportNotice.data(of: dispatch)),
        ])
        json = message.jsonText
    }

    /// The request to be sent at `timestamp`, which is in seconds. `boundary` is in no file.
    func request(to url: String, keys: WebhookKeys, timestamp: Int64, boundary: String) -> HTTPRequest {
        var request = HTTPRequest(method: .post, url: url)
        request.headers = Self.headers(id: id, timestamp: timestamp, body: json, keys: keys)
        guard !files.isEmpty else {
            request.headers["Content-Type"] = "application/json"
            request.body = Data(json)
            return request
        }
        request.headers["Content-Type"] = "multipart/form-data; boundary=\(boundary)"
        request.body = Data(Self.head(boundary, name: "message", file: nil, mediaType: "application/json").utf8 + json)
        request.bodySegments = files.flatMap { file -> [HTTPBodySegment] in
            let head = Self.head(
                boundary, name: file.format.rawValue, file: file.name, mediaType: file.format.mediaType)
            return [.data(Data("\r\n\(head)".utf8)), .file(path: file.path, size: file.size)]
        }
        request.bodySegments.append(.data(Data("\r\n--\(boundary)--\r\n".utf8)))
        return request
    }

    /// Of any message with that body.
    static func headers(id: String, timestamp: Int64, body: [UInt8], keys: WebhookKeys) -> HTTPHeaders {
        [
            "User-Agent": "report-courier",
            "webhook-id": id,
            "webhook-timestamp": "\(timestamp)",
            "webhook-signature": keys.signature(id: id, timestamp: timestamp, body: body),
        ]
    }

    static func newBoundary() -> String {
        var generator = SystemRandomNumberGenerator()
        return "report-" + String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
    }

    private static func head(_ boundary: String, name: String, file: String?, mediaType: String) -> String {
        let name = "form-data; name=\"\(name)\"" + (file.map { "; filename=\"\(quoted($0))\"" } ?? "")
        return "--\(boundary)\r\nContent-Disposition: \(name)\r\nContent-Type: \(mediaType)\r\n\r\n"
    }

    /// As browsers write names of files in forms.
    private static func quoted(_ name: String) -> String {
        var quoted = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": quoted.append(contentsOf: "%22".unicodeScalars)
            case "\r": quoted.append(contentsOf: "%0D".unicodeScalars)
            case "\n": quoted.append(contentsOf: "%0A".unicodeScalars)
            default: quoted.append(scalar.value < 0x20 || scalar.value == 0x7F ? "_" : scalar)
            }
        }
        return String(quoted)
    }

    /// A dispatch's id where a header can hold it and the signature's dots stay clear, else what stands for it.
    private static func id(_ id: String) -> String {
        let isPlain = id.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x5F
        }
        return isPlain && (1...128).contains(id.utf8.count) ? id : SHA256.of(id.utf8)
    }
}
