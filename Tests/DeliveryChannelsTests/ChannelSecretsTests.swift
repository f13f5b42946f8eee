import DeliveryChannels
import FoundationEssentials
import Testing

@Suite("What a channel's Secrets hold")
struct ChannelSecretsTests {
    @Test("A credential is read without the end of its line, and is never shown")
    func texts() {
        let secrets = ChannelSecrets(credentials: ["password": Data("hunter2\r\n".utf8), "empty": Data("\n".utf8)])
        #expect(secrets.text("password") == "hunter2")
        #expect(secrets.text("empty") == nil)
        #expect(secrets.text("user") == nil)
        #expect(!"\(secrets) \(String(reflecting: secrets))".contains("hunter2"))
    }
}
