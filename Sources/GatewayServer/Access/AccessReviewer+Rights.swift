internal import GatewayAPI
internal import GatewayIdentity

extension AccessReviewer {
    private struct Right: Sendable {
        let verb: AccessReview.Verb
        let resource: AccessReview.Resource
        let set: @Sendable (inout RightsView, Bool) -> Void

        init(
            _ verb: AccessReview.Verb, _ resource: AccessReview.Resource,
            _ set: @escaping @Sendable (inout RightsView, Bool) -> Void
        ) {
            (self.verb, self.resource, self.set) = (verb, resource, set)
        }
    }

    private static let rights: [Right] = [
        Right(.create, .requests) { $0.ask = $1 }, Right(.patch, .requests) { $0.change = $1 },
        Right(.delete, .requests) { $0.delete = $1 }, Right(.create, .schedules) { $0.schedule = $1 },
        Right(.create, .deliveries) { $0.send = $1 }, Right(.get, .logs) { $0.readLogs = $1 },
    ]
    private static let forOthers = Right(.requestForOthers, .requests) { $0.askForOthers = $1 }

    /// Where the caller may look for pipelines, and what she may there.
    func namespaceRights(_ caller: Caller, among known: Set<String>) async throws -> [NamespaceRights] {
        let visible = try await namespaces(caller, .list, .pipelines, among: known)
        let names = (visible ?? known).sorted()
        let rights = try await rights(caller, in: names, seesAll: visible == nil)
        return zip(names, rights).map { NamespaceRights(name: $0, may: $1) }
    }

    /// What the caller may in each of these namespaces, in their order; nil: in all.
    ///
    /// `seesAll`: whether she may look at things in all namespaces. What she may do to them is then asked of all together
    /// first, and of each only where that is refused.
    func rights(_ caller: Caller, in namespaces: [String?], seesAll: Bool = false) async throws -> [RightsView] {
        if seesAll, namespaces.count > 1 {
            _ = try await may(
                caller, (Self.rights + [Self.forOthers]).map { AccessReview($0.verb, $0.resource, in: nil) })
        }
        var views = namespaces.map { _ in RightsView() }
        try await ask(caller, Self.rights, namespaces, Array(namespaces.indices), &views)
        // To choose a requester is something only for who makes what has one.
        let makers = views.indices.filter { views[$0].ask || views[$0].schedule }
        try await ask(caller, [Self.forOthers], namespaces, makers, &views)
        return views
    }

    private func ask(
        _ caller: Caller, _ rights: [Right], _ namespaces: [String?], _ places: [Int], _ views: inout [RightsView]
    ) async throws {
        let questions = places.flatMap { place in rights.map { (place, $0) } }
        let answers = try await may(
            caller, questions.map { AccessReview($0.1.verb, $0.1.resource, in: namespaces[$0.0]) })
        for ((place, right), answer) in zip(questions, answers) { right.set(&views[place], answer) }
    }
}
