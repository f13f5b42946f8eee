import GatewayIdentity
import Testing

extension PublicURL {
    static func of(_ text: String) throws -> PublicURL { try #require(PublicURL(text)) }
}
