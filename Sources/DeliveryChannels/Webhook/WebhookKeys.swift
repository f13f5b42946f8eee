import Digests
import FoundationEssentials

/// The keys that a webhook's messages are signed with: the current one, and while keys change the one before.
struct WebhookKeys: Sendable {
    private let keys: [[UInt8]]

    /// As Standard Webhooks writes them: `whsec_` and 24 to 64 bytes in base64.
    static let lengths = 24...64

    init(_ secrets: ChannelSecrets) throws(ChannelFault) {
        var keys: [[UInt8]] = []
        for name in ["key", "previousKey"] {
            guard let text = secrets.text(name) else { continue }
            let encoded = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
            guard let key = Data(base64Encoded: encoded), Self.lengths.contains(key.count) else {
                throw ChannelFault(
                    "spec.webhook.credentials: \(name) in the Secret is not whsec_ and 24 to 64 bytes in base64; make one with "
                        + "echo \"whsec_$(openssl rand -base64 32)\"")
            }
            keys.append(Array(key))
        }
        guard secrets.text("key") != nil else {
            throw ChannelFault(
                "spec.webhook.credentials: the Secret has no key; make one with echo \"whsec_$(openssl rand -base64 32)\""
            )
        }
        self.keys = keys
    }

    /// `v1,…`, one for each key, with a blank between them: a receiver takes the message where one of them is right.
    func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return keys.map { "v1," + Data(HMACSHA256.of(signed, key: $0)).base64EncodedString() }.joined(separator: " ")
    }
}
