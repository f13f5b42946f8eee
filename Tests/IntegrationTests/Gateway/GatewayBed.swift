import ClusterSupport
import Foundation
import HTTPTransport
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportStores
import ServiceSupport
import YAMLCoding

/// A real API server and MongoDB, gateways as programs, and people with tokens.
struct GatewayBed: Sendable {
    let cluster: LiveCluster
    let outside: Outside
    /// Of people who may do something, and of those who may not.
    let namespace: String
    let elsewhere: String
    /// By who has them: viewer, editor, admin, stranger.
    var tokens: [String: String]
    let http = HTTPTransport(configuration: HTTPTransportConfiguration(proxy: .none), logger: LiveCluster.logger)

    static func run(
        _ name: String, in cluster: LiveCluster? = nil, _ body: (GatewayBed) async throws -> Void
    ) async throws {
        let cluster = try cluster ?? LiveCluster()
        try await Outside.run([.mongodb], name) { outside in
            try await outside.records.prepare()
            try await cluster.withNamespace { namespace in
                try await cluster.withNamespace { elsewhere in
                    try await cluster.kubectl("apply", "-f", "-", input: people(namespace, elsewhere))
                    var tokens: [String: String] = [:]
                    for who in ["viewer", "editor", "admin"] {
                        tokens[who] = try await token(of: who, cluster, namespace)
                    }
                    tokens["stranger"] = try await token(of: "stranger", cluster, elsewhere)
                    let bed = GatewayBed(
                        cluster: cluster, outside: outside, namespace: namespace, elsewhere: elsewhere, tokens: tokens)
                    try await cluster.apply(Self.objects, in: namespace)
                    try await body(bed)
                    _ = try await cluster.kubectl("delete", "clusterrole", "view-\(namespace)", "edit-\(namespace)")
                }
            }
        }
    }

    /// Without the controller that aggregates roles these would lack ours.
    private static func people(_ namespace: String, _ elsewhere: String) -> String {
        let people = [
            ("viewer", namespace, "view"), ("editor", namespace, "edit"), ("admin", namespace, "admin"),
            ("stranger", elsewhere, "edit"),
        ]
        let kinds = "reportpipelines, reportrequests, reportschedules, reportdeliveries"
        let roles = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: view-\(namespace)}
            rules: [{apiGroups: [reports.ers.dev], resources: [\(kinds)], verbs: [get, list, watch]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: edit-\(namespace)}
            rules:
            - {apiGroups: [reports.ers.dev], resources: [\(kinds)], verbs: [get, list, watch]}
            - apiGroups: [reports.ers.dev]
              resources: [reportrequests, reportschedules, reportdeliveries]
              verbs: [create, delete, patch, update]
            """
        let bindings = people.map { name, home, role in
            // Administrators of a namespace may do everything in it.
            let bound = role == "admin" ? "cluster-admin" : "\(role)-\(namespace)"
            return """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: \(name), namespace: \(home)}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: \(name), namespace: \(home)}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: \(bound)}
                subjects: [{kind: ServiceAccount, name: \(name), namespace: \(home)}]
                """
        }
        return ([roles] + bindings).joined(separator: "\n---\n")
    }

    private static let objects = """
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: demo}
        spec:
          title: Demo
          parameters: [{name: period, type: month, required: true}]
          stages: [{name: extract, image: "busybox:1", command: ["true"]}]
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportRequest
        metadata: {name: demo-1}
        spec: {pipelineRef: {name: demo}, parameters: {period: "2026-10"}, requester: {name: Ada}}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportSchedule
        metadata: {name: monthly}
        spec: {schedule: "0 6 1 * *", request: {spec: {pipelineRef: {name: demo}, parameters: {period: "2026-10"}}}}
        """

    /// Before Kubernetes 1.22 there is no request for a token, and a Secret has one.
    static func token(of who: String, _ cluster: LiveCluster, _ namespace: String) async throws -> String {
        let asked = try await cluster.kubectlResult(["-n", namespace, "create", "token", who, "--duration", "1h"])
        if asked.status == 0 { return asked.output.trimmingCharacters(in: .whitespacesAndNewlines) }
        var name = ""
        try await eventually("\(who) has a token", every: .milliseconds(100)) {
            name = try await cluster.kubectl(
                "-n", namespace, "get", "serviceaccount", who, "-o", "jsonpath={.secrets[0].name}")
            return !name.isEmpty
        }
        let coded = try await cluster.kubectl("-n", namespace, "get", "secret", name, "-o", "jsonpath={.data.token}")
        guard let data = Data(base64Encoded: coded) else { throw DeadlineExceeded(description: "no token in \(name)") }
        return String(decoding: data, as: UTF8.self)
    }

    // MARK: Gateways

    /// Runs `body` beside a gateway that answers. `withRecord`: whether it has the record.
    func withGateway(
        _ options: String..., withRecord: Bool = true, _ body: (GatewayProcess) async throws -> Void
    ) async throws {
        let gateway = try await gateway(options, withRecord: withRecord)
        defer { gateway.end() }
        try await body(gateway)
        for token in tokens.values where gateway.log.contains(token) {
            throw DeadlineExceeded(description: "a token stands in the gateway's log")
        }
    }

    func gateway(_ options: [String] = [], withRecord: Bool = true, port: Int? = nil) async throws -> GatewayProcess {
        let gateway = try GatewayProcess(
            port: port, kubeconfig: cluster.kubeconfig,
            uri: withRecord ? try outside.services.value("MONGODB_READER_URI") : nil,
            options: [
                "--log-level", "debug", "--courier-namespace", namespace, "--requests-per-minute", "0",
            ] + options)
        try await waitUntilServed(gateway)
        return gateway
    }

    func waitUntilServed(_ gateway: GatewayProcess) async throws {
        try await eventually("a gateway answers: \(gateway.log.suffix(2000))", every: .milliseconds(50)) {
            (try? await status(gateway, "GET", "/me", as: "viewer")) == 200
        }
    }

    // MARK: Asking

    /// `who`: nobody for nil, a token that nobody has for "bad".
    func ask(
        _ gateway: GatewayProcess, _ method: String, _ path: String, as who: String? = "editor", _ body: String? = nil,
        headers: [(String, String)] = []
    ) async throws -> HTTPResponse {
        guard let method = HTTPMethod(rawValue: method) else { throw DeadlineExceeded(description: "no \(method)") }
        var all = headers
        if let who { all.append(("Authorization", "Bearer \(tokens[who] ?? "no-token-of-anybody")")) }
        if body != nil { all.append(("Content-Type", "application/json")) }
        return try await http.send(
            HTTPRequest(
                method: method, url: gateway.api + path, headers: HTTPHeaders(all),
                body: body.map { Data($0.utf8) },
                timeouts: HTTPTimeouts(total: .seconds(60))))
    }

    func status(
        _ gateway: GatewayProcess, _ method: String, _ path: String, as who: String? = "editor", _ body: String? = nil
    ) async throws -> Int {
        try await ask(gateway, method, path, as: who, body).status
    }

    func json(_ gateway: GatewayProcess, _ path: String, as who: String? = "editor") async throws -> JSONValue {
        let answer = try await ask(gateway, "GET", path, as: who)
        guard answer.status == 200 else {
            throw DeadlineExceeded(
                description: "GET \(path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return try JSONValue.yaml(String(decoding: answer.body, as: UTF8.self))
    }

    /// Of a new request; `name` in place of one that is made.
    func wish(_ name: String? = nil, period: String = "2026-10") -> String {
        let own = name.map { #", "name": "\#($0)""# } ?? ""
        return #"{"namespace": "\#(namespace)", "pipeline": "demo", "parameters": {"period": "\#(period)"}\#(own)}"#
    }
}
