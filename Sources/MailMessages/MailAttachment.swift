/// A file that goes with a message.
package struct MailAttachment: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case bytes([UInt8])
        /// A file of exactly that many bytes, read while it is sent.
        case file(path: String, size: Int)

        package var size: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(_, let size): size
            }
        }
    }

    package var name: String
    /// `application/pdf`; what isn't of that form is sent as `application/octet-stream`.
    package var mediaType: String
    package var content: Content

    package init(name: String, mediaType: String, content: Content) {
        self.name = name
        self.mediaType = mediaType
        self.content = content
    }

    /// One segment, on one line.
    var safeName: String {
        let name = HeaderText.oneLine(name).map { "/\\".contains($0) ? "_" : String($0) }.joined()
        return name.isEmpty || name.allSatisfy({ $0 == "." }) ? "report" : name
    }

    var safeMediaType: String {
        let parts = mediaType.split(separator: "/", omittingEmptySubsequences: false)
        let isType = parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Self.isToken) }
        return isType ? mediaType : "application/octet-stream"
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        MailAddress.isLetter(byte) || MailAddress.isDigit(byte) || "+-.".utf8.contains(byte)
    }
}
