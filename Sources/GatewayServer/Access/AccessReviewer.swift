package import GatewayIdentity
package import KubernetesClient
internal import KubernetesModel

/// Asks the API server who may what, and remembers it for a short while.
package final class AccessReviewer: Sendable {
    /// How long an answer is believed: a right that is taken away is gone after that.
    package static let memory: Duration = .seconds(30)
    fileprivate struct Question: Hashable {
        let user: String
        let groups: [String]
        let extra: [String: [String]]
        let review: AccessReview

        init(_ caller: Caller, _ review: AccessReview) {
            user = caller.user
            groups = caller.groups
            extra = caller.reviewedExtra
            self.review = review
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
        if let only, review.namespace != only { return false }
        return try await answers.value(Question(caller, review)) { [client] in
            try await Self.ask(review, of: caller, client)
        }
    }

    /// What is remembered; nil where nothing is.
    package func remembered(_ caller: Caller, _ review: AccessReview) -> Bool? {
        if let only, review.namespace != only { return false }
        return answers.remembered(Question(caller, review))
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
    /// Which of these namespaces the caller may do that in; nil: in every namespace that there is.
    package func namespaces(
        _ caller: Caller, _ verb: AccessReview.Verb, _ resource: AccessReview.Resource, among known: Set<String>
    ) async throws -> Set<String>? {
        if try await may(caller, AccessReview(verb, resource, in: nil)) { return nil }
        var allowed: Set<String> = []
        let limit = 8
        return try await withThrowingTaskGroup(of: (String, Bool).self) { group in
            var waiting = known.sorted()[...]
            var running = 0
            while running > 0 || !waiting.isEmpty {
                while running < limit, let namespace = waiting.popFirst() {
                    let review = AccessReview(verb, resource, in: namespace)
                    if let answer = remembered(caller, review) {
                        if answer { allowed.insert(namespace) }
                        continue
                    }
                    running += 1
                    group.addTask { (namespace, try await self.may(caller, review)) }
                }
                guard running > 0, let (namespace, answer) = try await group.next() else { continue }
                running -= 1
                if answer { allowed.insert(namespace) }
            }
            return allowed
        }
    }
}
