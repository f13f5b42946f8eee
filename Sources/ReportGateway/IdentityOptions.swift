import ArgumentParser
import FoundationEssentials
import GatewayIdentity
import GatewayServer
import Logging
import YAMLCoding

/// Who may say who people are.
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

    /// Those that the gateway begins anew with when they change.
    var files: [String] {
        [issuers].compactMap(\.self) + sessionKeyFile
    }

    func validate() throws {
        guard let publicUrl else { return }
        let isLoopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains(where: publicUrl.hasPrefix)
        guard publicUrl.hasPrefix("https://") || isLoopback, !publicUrl.contains("?"), !publicUrl.contains("#") else {
            throw ValidationError(
                "--public-url: \"\(publicUrl)\" is no address such as https://reports.example.com (http on loopback alone)"
            )
        }
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
        var url = publicUrl
        if let text = url, options.basePath != "/", !text.hasSuffix(String(options.basePath.dropLast())) {
            url = (text.hasSuffix("/") ? String(text.dropLast()) : text) + String(options.basePath.dropLast())
        }
        do {
            return try GatewayIdentitySources(
                settings, keys: keys, publicURL: url, basePath: options.basePath,
                isSecure: publicUrl?.hasPrefix("https://") ?? true, isInFrame: !options.frameAncestors.isEmpty,
                logger: logger)
        } catch {
            throw ValidationError("--session-key-file: \(error)")
        }
    }
}
