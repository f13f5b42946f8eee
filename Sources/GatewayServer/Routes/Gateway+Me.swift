internal import GatewayAPI
internal import GatewayIdentity
internal import Hummingbird

extension Gateway {
    func me(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let namespaces = try await reviewer.namespaceRights(caller, among: cache.namespaces)
        let session = context.session
        return .json(
            MeView(
                user: caller.user, name: caller.displayName, email: caller.email, groups: caller.groups,
                via: caller.way, sessionEnds: session?.endsAt, csrfToken: session?.csrfToken, namespaces: namespaces))
    }
}

extension Caller {
    var way: MeView.Way {
        switch evidence {
        case .session: .session
        case .token: .token
        case .kubernetes: .kubernetes
        }
    }
}
