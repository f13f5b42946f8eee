package import GatewayIdentity
package import KubernetesClient
internal import KubernetesModel

/// Asks the API server who may what, and remembers it for a short while.
package final class AccessReviewer: Sendable {
    /// How long an answer is believed: a right that is taken away is gone after that.
    package static let memory: Duration = .seconds(30)
    fileprivate struct Question: Hashable {
        let user: ExactName
        let groups: [ExactName]
        let extra: [ExactName: [ExactName]]
        let verb: AccessReview.Verb
        let resource: AccessReview.Resource
        var namespace: ExactName?

        init(_ caller: Caller, _ review: AccessReview) {
            user = ExactName(caller.user)
            groups = caller.groups.map(ExactName.init)
            extra = Dictionary(
                uniqueKeysWithValues: caller.reviewedExtra.map { (ExactName($0), $1.map(ExactName.init)) })
            verb = review.verb
            resource = review.resource
            namespace = review.namespace.map(ExactName.init)
        }
    }

    private let client: KubernetesClient
    private let answers = Remembered<Question, Bool>(for: memory, capacity: 50_000)

    /// Of a gateway for one namespace: what anybody may elsewhere is nothing here.
    private let only: String?

    /// `client`: the gateway's own, which may create reviews.
    package init(client: KubernetesClient, only namespace: String? = nil) {
        self.client = client
        only = namespace
    }

    /// Throws the `KubernetesError` of an API server that can't be asked, or `OwnRightMissing`.
    package func may(_ caller: Caller, _ review: AccessReview) async throws -> Bool {
        if let known = remembered(caller, review) { return known }
        return try await answers.value(Question(caller, review)) { [client] in
            try await Self.ask(review, of: caller, client)
        }
    }

    /// What is remembered; nil where nothing is.
    package func remembered(_ caller: Caller, _ review: AccessReview) -> Bool? {
        if let only, !(review.namespace?.isSame(as: only) ?? false) { return false }
        var question = Question(caller, review)
        if let known = answers.remembered(question) { return known }
        // Permission everywhere includes it there.
        question.namespace = nil
        return review.namespace != nil && answers.remembered(question) == true ? true : nil
    }

    private static func ask(_ review: AccessReview, of caller: Caller, _ client: KubernetesClient) async throws -> Bool
    {
        let answer = try await client.review(
            ResourceKind(
                group: "authorization.k8s.io", version: "v1", kind: "SubjectAccessReview",
                plural: "subjectaccessreviews"),
            review.manifest(for: caller))
        return answer["status"]?["allowed"] == .bool(true)
    }
}

extension AccessReviewer {
    /// How many questions are asked at a time; the answers are in their order.
    private static let width = 8

    /// Whether the caller may each of these.
    package func may(_ caller: Caller, _ reviews: [AccessReview]) async throws -> [Bool] {
        var answers = reviews.map { remembered(caller, $0) }
        var waiting = answers.indices.filter { answers[$0] == nil }[...]
        try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
            var running = 0
            while true {
                while running < Self.width, let index = waiting.popFirst() {
                    running += 1
                    group.addTask { (index, try await self.may(caller, reviews[index])) }
                }
                guard running > 0, let (index, answer) = try await group.next() else { return }
                running -= 1
                answers[index] = answer
            }
        }
        return answers.map { $0 ?? false }
    }

    /// Which of these namespaces the caller may do that in; nil: in every namespace that there is.
    package func namespaces(
        _ caller: Caller, _ verb: AccessReview.Verb, _ resource: AccessReview.Resource, among known: Set<String>
    ) async throws -> Set<String>? {
        if try await may(caller, AccessReview(verb, resource, in: nil)) { return nil }
        let names = known.sorted()
        let answers = try await may(caller, names.map { AccessReview(verb, resource, in: $0) })
        return Set(zip(names, answers).filter(\.1).map(\.0))
    }
}
