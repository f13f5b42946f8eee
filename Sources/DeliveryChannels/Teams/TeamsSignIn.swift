package import AsyncSupport
package import FoundationEssentials
package import HTTPTransport
import NetworkAddresses
package import ReportAPI

/// The account that a Teams channel posts messages as: how it signs in, once, and its tokens from then on.
///
/// For example:
///
///     let signIn = try TeamsSignIn(teams, name: "accounting", secrets: secrets, vault: vault, transport: transport)
///     try await signIn.run { print($0.message) }
package struct TeamsSignIn: Sendable {
    private let endpoint: TokenEndpoint
    private let clientID: String
    private let scope: String
    private let sealed: SealedSignIn

    /// `name`: the channel's. `cloud`: where the tenant is.
    package init(
        _ teams: ReportChannelSpec.Teams, name: String, secrets: ChannelSecrets, vault: any TokenVault,
        cloud: MicrosoftCloud = .global, transport: HTTPTransport, now: @escaping @Sendable () -> Date = { Date() }
    ) throws(ChannelFault) {
        guard let tenant = teams.tenant, let clientID = teams.clientID else {
            throw ChannelFault("spec.teams.tenant and teams.clientID are required for messages")
        }
        let right: String
        switch teams.post ?? .workflow {
        case .workflow: throw ChannelFault("spec.teams.post is Workflow, which needs no sign-in")
        case .chatMessage: right = "ChatMessage.Send"
        case .channelMessage: right = "ChannelMessage.Send"
        }
        self.clientID = clientID
        scope = "offline_access \(cloud.graph)/User.Read \(cloud.graph)/\(right)"
        sealed = try SealedSignIn(channel: name, secrets: secrets, vault: vault)
        endpoint = TokenEndpoint(
            cloud: cloud, tenant: PercentEncoding.component(tenant), transport: transport, now: now)
    }

    /// Gets a code, shows it by `show`, waits until a person has typed it in, and stores what came of it.
    package func run(
        clock: RuntimeClock = .continuous, show: (DeviceCodeSignIn.Prompt) -> Void
    ) async throws(TokenFault) {
        let signIn = DeviceCodeSignIn(endpoint, clientID: clientID, scope: scope, clock: clock)
        let prompt = try await signIn.begin()
        show(prompt)
        try await sealed.save(try await signIn.refreshToken(for: prompt))
    }

    func tokens(clock: RuntimeClock = .continuous) -> AccessTokens {
        AccessTokens(for: endpoint, clientID: clientID, signIn: sealed, scope: scope, clock: clock)
    }
}
