/// A message's bytes, attachments still outside.
package struct EncodedMail: Sendable {
    package enum Segment: Sendable {
        case bytes([UInt8])
        /// To be sent in lines of base64.
        case base64(MailAttachment.Content)
    }

    package private(set) var segments: [Segment] = []
    /// Of the whole, in bytes.
    package private(set) var size = 0

    mutating func append(_ text: String) {
        size += text.utf8.count
        segments.append(.bytes(Array(text.utf8)))
    }

    mutating func append(_ content: MailAttachment.Content) {
        size += Base64.lengthInLines(of: content.size)
        segments.append(.base64(content))
    }
}
