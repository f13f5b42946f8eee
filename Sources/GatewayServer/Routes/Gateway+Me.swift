internal import GatewayAPI
internal import GatewayIdentity
internal import Hummingbird

extension Gateway {
    func me(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let visible = try await reviewer.namespaces(caller, .list, .pipelines, among: cache.namespaces)
        let names = (visible ?? cache.namespaces).sorted()
        var namespaces: [NamespaceRights] = []
        for name in names {
            namespaces.append(NamespaceRights(name: name, may: try await rights(of: caller, in: name)))
        }
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
