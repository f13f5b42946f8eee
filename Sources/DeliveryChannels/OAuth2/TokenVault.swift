import Digests
import FoundationEssentials

/// Where the token of the account is kept that signed in for one channel, sealed: a reader there can't use it.
package protocol TokenVault: Sendable {
    /// Nil where nobody has signed in.
    func load() async throws -> [UInt8]?
    /// Takes the place of what was there.
    func save(_ sealed: [UInt8]) async throws
}

/// A channel's refresh token in a vault, sealed with the key of the channel's Secret.
package struct SealedSignIn: Sendable {
    package let channel: String
    private let key: SealedText.Key
    private let vault: any TokenVault

    /// `channel`: its name in the courier's namespace.
    package init(channel: String, secrets: ChannelSecrets, vault: any TokenVault) throws(ChannelFault) {
        guard let text = secrets.text("key"), let bytes = Data(base64Encoded: text), let key = SealedText.Key(bytes)
        else {
            throw ChannelFault(
                "spec.teams.credentials.secretRef: the Secret needs key, 32 random bytes in base64, as "
                    + "\"openssl rand -base64 32\" makes them")
        }
        self.channel = channel
        self.key = key
        self.vault = vault
    }

    package func save(_ refreshToken: String) async throws(TokenFault) {
        let sealed = SealedText.sealed(Array(refreshToken.utf8), with: key, for: purpose)
        do {
            try await vault.save(sealed)
        } catch {
            throw .unreachable(words: "The sign-in of channel \(channel) could not be stored: \(error)", after: nil)
        }
    }

    package func load() async throws(TokenFault) -> String {
        let sealed: [UInt8]?
        do {
            sealed = try await vault.load()
        } catch {
            throw .unreachable(words: "The sign-in of channel \(channel) could not be read: \(error)", after: nil)
        }
        guard let sealed else {
            throw .refused(
                words: "No account has signed in for channel \(channel); run report-courier sign-in \(channel)")
        }
        guard let opened = SealedText.opened(sealed, with: key, for: purpose) else {
            throw .refused(
                words: "The sign-in of channel \(channel) was stored with another key; run report-courier sign-in "
                    + channel)
        }
        return String(decoding: opened, as: UTF8.self)
    }

    private var purpose: String { "refresh token of channel \(channel)" }
}
