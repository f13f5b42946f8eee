import ArgumentParser
import FoundationEssentials
import GatewayIdentity
import GatewayServer
import Logging
import YAMLCoding

/// Options about identity: issuers, sign-in and cookies.
struct IdentityOptions: ParsableArguments {
    @Option(
        help: """
            A YAML file with the issuers whose tokens count and where people sign in; see docs/gateway.md. Default: \
            Kubernetes' own tokens alone.
            """)
    var issuers: String?

    @Option(help: "Where browsers find the gateway, such as https://reports.example.com; needed where people sign in.")
    var publicUrl: String?

    @Option(
        help: """
            A file with at least 32 random bytes, of which the keys of session cookies are made; the same for all \
            replicas. May be repeated: the first one seals, all of them open.
            """)
    var sessionKeyFile: [String] = []

    /// The files whose change restarts the gateway.
    var files: [String] {
        [issuers].compactMap(\.self) + sessionKeyFile
    }

    func validate() throws {
        guard let publicUrl, PublicURL(publicUrl) == nil else { return }
        throw ValidationError("--public-url: \"\(publicUrl)\" is not \(PublicURL.allowed)")
    }

    func sources(_ options: GatewayOptions, logger: Logger) throws -> GatewayIdentitySources {
        guard let issuers else { return .kubernetesAlone() }
        guard let data = FileManager.default.contents(atPath: issuers) else {
            throw ValidationError("--issuers: \(issuers) can't be read")
        }
        let settings: IdentitySettings
        do {
            settings = try YAMLDecoder().decode(IdentitySettings.self, from: data)
        } catch {
            throw ValidationError("--issuers: \(issuers): \(error)")
        }
        let faults = settings.check()
        guard faults.isEmpty else {
            throw ValidationError("--issuers: \(issuers):\n" + faults.map { "  \($0)" }.joined(separator: "\n"))
        }
        if !settings.signInIssuers.isEmpty, publicUrl == nil {
            throw ValidationError("--public-url is required where people sign in, which \(issuers) says")
        }
        let keys = try sessionKeyFile.map { file in
            guard let key = FileManager.default.contents(atPath: file) else {
                throw ValidationError("--session-key-file: \(file) can't be read")
            }
            return key
        }
        let url = publicUrl.flatMap(PublicURL.init)?.under(options.basePath)
        do {
            return try GatewayIdentitySources(
                settings, keys: keys, url: url, isInFrame: !options.frameAncestors.isEmpty, logger: logger)
        } catch {
            throw ValidationError("--session-key-file: \(error)")
        }
    }
}
