import ClusterSupport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// The gateway's role is the least it needs: without any one permission something breaks, and the gateway says which it
/// lacks. And it is enough.
@Suite(.timeLimit(.minutes(10))) struct GatewayRoleTests {
    typealias Proof = @Sendable (GatewayRole) async throws -> Void

    @Test(arguments: Permission.ofGateway)
    func withoutItSomethingBreaksAndSaysSo(permission: Permission) async throws {
        let proof = try #require(
            Self.proofs[permission.description], "nothing shows what \(permission) is needed for")
        try await proof(GatewayRole(missing: permission))
    }

    @Test func everyProofIsOfAPermissionThatIsGiven() {
        #expect(Set(Self.proofs.keys).subtracting(Permission.ofGateway.map(\.description)).isEmpty)
    }

    @Test func allOfItIsEnough() async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            try await cluster.apply(GatewayRole.people(in: namespace), in: namespace)
            try await GatewayRole().granted(cluster, namespace) { kubeconfig in
                let issuer = try await TestIssuer()
                defer { issuer.remove() }
                let gateway = try GatewayProcess(
                    kubeconfig: kubeconfig,
                    options: [
                        "--courier-namespace", namespace,
                        "--issuers", try issuer.settings(groups: ["finance", "production"]),
                    ])
                defer { gateway.end() }
                try await gateway.waitUntilServing()
                let (reader, stranger) = (
                    try await GatewayRole.token(cluster, of: "reader", in: namespace),
                    try await GatewayRole.token(cluster, of: "stranger", in: namespace)
                )
                let body = #"{"namespace": "\#(namespace)", "pipeline": "monthly", "name": "asked"}"#
                // A program's own token: whose it is, what it may, and its write as that program.
                try await eventually("the pipeline is seen", every: .milliseconds(100)) {
                    try await WebAnswer.get(
                        gateway.url("/api/v1/pipelines/\(namespace)/monthly"), token: reader
                    ).status == 200
                }
                let created = try await WebAnswer.get(
                    gateway.url("/api/v1/requests"), method: "POST", token: reader, json: body)
                #expect(created.status == 201, "\(created.body)")
                let list = try await WebAnswer.get(
                    gateway.url("/api/v1/requests?namespace=\(namespace)"), token: reader)
                #expect(list.json?["items"]?.array?.map { $0["name"]?.string } == ["asked"], "\(list.body)")
                let refused = try await WebAnswer.get(
                    gateway.url("/api/v1/requests"), method: "POST", token: stranger, json: body)
                #expect(refused.status == 403, "\(refused.body)")
                #expect(try await WebAnswer.get(gateway.url("/api/v1/me"), token: "none").status == 401)
                let troubles = gateway.log.split(separator: "\n").filter { $0.contains("cannot ") }
                #expect(troubles.isEmpty, "\(troubles)")

                // People, whom the gateway is to be: with a group that its role lists, or not.
                let ada = try await issuer.token("ada", groups: ["finance"])
                let asked = try await WebAnswer.get(
                    gateway.url("/api/v1/requests"), method: "POST", token: ada,
                    json: #"{"namespace": "\#(namespace)", "pipeline": "monthly", "name": "adas"}"#)
                #expect(asked.status == 201, "\(asked.body)")
                let made = try await cluster.client.get(ReportRequest.self, name: "adas", namespace: namespace)
                #expect(made.spec.value?.requester?.email == "ada@example.com")
                let eve = try await WebAnswer.get(
                    gateway.url("/api/v1/requests"), method: "POST", token: try await issuer.token("eve"), json: body)
                #expect(eve.status == 403, "\(eve.body)")
                // With rights by both groups: that it is the other one the API server refuses.
                let joe = try await WebAnswer.get(
                    gateway.url("/api/v1/requests"), method: "POST",
                    token: try await issuer.token("joe", groups: ["finance", "production"]),
                    json: #"{"namespace": "\#(namespace)", "pipeline": "monthly", "name": "joes"}"#)
                #expect(joe.status == 403 && joe.body.contains("cannot impersonate"), "\(joe.body)")
                let own = try LiveCluster(kubeconfig: kubeconfig)
                for group in ["reports:production", "system:masters", "system:nodes"] {
                    await Self.expectRefusal("cannot impersonate resource \"groups\"") {
                        try await Self.ask(own, as: "reports:eve", [group], "eves", in: namespace)
                    }
                }
                // And for itself it may nothing that it doesn't do.
                for (verb, resource) in [
                    ("get", "secrets"), ("list", "pods"), ("create", "reportrequests.reports.ers.dev"),
                    ("patch", "reportschedules.reports.ers.dev"), ("delete", "reportrequests.reports.ers.dev"),
                    ("impersonate", "serviceaccounts"), ("create", "jobs.batch"),
                ] {
                    let answer = try await own.kubectlResult(["auth", "can-i", verb, resource, "-n", namespace])
                    #expect(answer.output.hasPrefix("no"), "\(verb) \(resource): \(answer.output)")
                }
            }
        }
    }

    private static let proofs: [String: Proof] = {
        var proofs: [String: Proof] = [:]
        for resource in [
            "reportdeliveries", "reportpipelines", "reportrequests", "reportschedules", "reportchannels",
            "reporttriggers",
        ] {
            proofs["\(resource).reports.ers.dev list"] = { try await hearsNothing($0, "Can't list objects") }
            proofs["\(resource).reports.ers.dev watch"] = { try await hearsNothing($0, "Can't watch objects") }
        }
        proofs["reporttriggers.reports.ers.dev/status patch"] = { try await keepsNoAlert($0) }
        proofs["namespaces list"] = { try await hearsNothing($0, "Can't list objects") }
        proofs["namespaces watch"] = { try await hearsNothing($0, "Can't watch objects") }
        proofs["subjectaccessreviews.authorization.k8s.io create"] = { try await showsNothing($0) }
        proofs["tokenreviews.authentication.k8s.io create"] = { try await showsNothing($0) }
        proofs["users impersonate"] = { try await isRefused($0) }
        proofs["groups impersonate"] = { try await isRefused($0) }
        proofs["userextras.authentication.k8s.io/reports.ers.dev/email impersonate"] = { try await isRefused($0) }
        return proofs
    }()

    // MARK: Proofs

    private static func hearsNothing(_ role: GatewayRole, _ words: String) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            try await role.granted(cluster, namespace) { kubeconfig in
                let gateway = try GatewayProcess(kubeconfig: kubeconfig, options: ["--courier-namespace", namespace])
                defer { gateway.end() }
                try await gateway.waitForLine(words, role.refusal, "allow its service account to")
            }
        }
    }

    private static func keepsNoAlert(_ role: GatewayRole) async throws {
        try await GatewayAlertTests.served(role) { _, namespace, gateway in
            let url = gateway.url("/api/v1/alerts/\(namespace)/stops")
            let body = GatewayAlertTests.body([(fingerprint: "1", status: "firing")])
            try await eventually("the trigger is seen", every: .milliseconds(100)) {
                let answer = try await WebAnswer.get(url, method: "POST", token: GatewayAlertTests.token, json: body)
                return answer.status == 503 && answer.body.contains("can't be written")
            }
            try await gateway.waitForLine(
                "Can't write the alerts of a trigger", role.refusal, "advice=allow the gateway's")
        }
    }

    /// The caller learns that it isn't for them to fix, and not what the API server said.
    private static func showsNothing(_ role: GatewayRole) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            try await cluster.apply(GatewayRole.people(in: namespace), in: namespace)
            try await role.granted(cluster, namespace) { kubeconfig in
                let gateway = try GatewayProcess(kubeconfig: kubeconfig, options: ["--courier-namespace", namespace])
                defer { gateway.end() }
                try await gateway.waitUntilServing()
                let token = try await GatewayRole.token(cluster, of: "reader", in: namespace)
                let answer = try await WebAnswer.get(
                    gateway.url("/api/v1/requests?namespace=\(namespace)"), token: token)
                #expect(answer.status == 503, "\(answer.body)")
                #expect(!answer.body.contains("system:serviceaccount"), "\(answer.body)")
                try await gateway.waitForLine(role.refusal, "allow its service account to")
            }
        }
    }

    /// Nobody who has signed in at a provider gets anything written.
    private static func isRefused(_ role: GatewayRole) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            try await cluster.apply(GatewayRole.people(in: namespace), in: namespace)
            try await role.granted(cluster, namespace) { kubeconfig in
                await expectRefusal(role.refusal) {
                    try await ask(
                        LiveCluster(kubeconfig: kubeconfig), as: "reports:ada", ["reports:finance"], "adas",
                        in: namespace)
                }
            }
        }
    }

    private static func expectRefusal(_ words: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("that was allowed; expected: \(words)")
        } catch {
            // Since 1.35 a server names the right to impersonate whom for what, which the gateway hasn't either.
            let isNewer = words.hasPrefix("cannot impersonate") && "\(error)".contains("cannot impersonate-on:")
            let isRefused = "\(error)".contains(words) || isNewer
            #expect(isRefused, "\(error)")
        }
    }

    /// What the gateway does for who has signed in.
    private static func ask(
        _ own: LiveCluster, as user: String, _ groups: [String], _ name: String, in namespace: String
    ) async throws {
        let client = own.client.impersonating(
            ClientConfiguration.Impersonation(
                user: user, groups: groups, extra: ["reports.ers.dev/email": ["ada@example.com"]]))
        let manifest = try JSONValue.yaml(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportRequest
            metadata: {name: \(name)}
            spec: {pipelineRef: {name: monthly}}
            """)
        _ = try await client.create(ReportRequest.self, manifest: manifest, namespace: namespace)
    }
}
