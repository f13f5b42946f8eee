import ClusterSupport
import Foundation
import LoopbackSupport
import ReportAPI
import Testing

/// What goes wrong between a person and the cluster.
@Suite(.needsCluster, .besideOthers)
struct TroubleTests {
    /// A kubeconfig of a service account of the namespace, with these rules.
    private func kubeconfig(_ name: String, rules: String, in scene: Scene) async throws -> URL {
        try await scene.apply(
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: \(name)}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: \(name)-token, annotations: {kubernetes.io/service-account.name: \(name)}}
            type: kubernetes.io/service-account-token
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: \(name)}
            rules: [\(rules)]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: \(name)}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: \(name)}
            subjects: [{kind: ServiceAccount, name: \(name)}]

            """)
        var token = ""
        // The controller fills it in.
        try await eventually("a token for \(name)", every: .milliseconds(100)) {
            token = try await scene.kubectl(
                "get", "secret", "\(name)-token", "-o",
                "go-template={{with .data}}{{with .token}}{{.|base64decode}}{{end}}{{end}}")
            return !token.isEmpty
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "\(scene.namespace)-\(name).kubeconfig")
        let whole = try await scene.kubectl("config", "view", "--raw", "--minify", "-o", "json")
        var config = try #require(try JSONSerialization.jsonObject(with: Data(whole.utf8)) as? [String: Any])
        var users = try #require(config["users"] as? [[String: Any]])
        users[0]["user"] = ["token": token]
        config["users"] = users
        try JSONSerialization.data(withJSONObject: config).write(to: file)
        return file
    }

    private static let viewing = """
        {apiGroups: [reports.ers.dev], resources: ["*"], verbs: [get, list, watch]}, \
        {apiGroups: [""], resources: [pods, pods/log], verbs: [get, list, watch]}, \
        {apiGroups: [batch], resources: [cronjobs], verbs: [get]}
        """

    @Test func whoMayLookMayNotAskAndIsTold() async throws {
        try await Scene.play { scene in
            try await scene.apply(SubmitTests.books)
            let file = try await kubeconfig("viewer", rules: Self.viewing, in: scene)
            defer { try? FileManager.default.removeItem(at: file) }
            let viewer = ReportCTL(place: ["-n", scene.namespace, "--kubeconfig", file.path])
            #expect(try await viewer.run("pipelines").output.contains("books"))
            #expect(try await viewer.run("list").status == 0)
            let refused = try await viewer.run("submit", "books", "-p", "period=2026-10")
            #expect(refused.status == 4, "\(refused)")
            #expect(
                refused.errors.contains("you don't have permission")
                    && refused.errors.contains("role view (to look) or edit")
            )
            let elsewhere = try await ReportCTL(place: ["-A", "--kubeconfig", file.path]).run("list")
            #expect(elsewhere.status == 4 && elsewhere.errors.contains("you don't have permission"), "\(elsewhere)")
            let checked = try await viewer.run("doctor")
            #expect(checked.output.contains(/warning +permissions/), "\(checked)")
            #expect(checked.output.contains("create reportrequests.reports.ers.dev (submit)"), "\(checked)")
            let everywhere = try await viewer.run("doctor", "-A")
            // It names a namespace, and -A excludes that.
            #expect(everywhere.status == 2 && everywhere.errors.contains("exclude each other"), "\(everywhere)")
            let asked = try await ReportCTL(place: ["-A", "--kubeconfig", file.path]).run("doctor")
            #expect(
                asked.output.contains(/warning +requests +none can be looked at: you don't have permission/), "\(asked)"
            )
            var reader = ReportCTL(place: viewer.place + ["--operator-namespace", scene.namespace])
            reader.environment = ["MONGODB_URI": ""]
            let history = try await reader.run("history")
            #expect(history.errors.contains("the address of MongoDB isn't known"), "\(history)")
        }
    }

    @Test func aServerThatIsAwayAndAMissingConfigurationSaySo() async throws {
        let file = try Kubeconfig.withoutServer()
        defer { try? FileManager.default.removeItem(at: file) }
        let away = try await ReportCTL(place: ["--kubeconfig", file.path]).run("list")
        #expect(away.status == 4 && away.errors.contains("the API server can't be reached"), "\(away)")
        var lost = ReportCTL()
        lost.environment = ["KUBECONFIG": "", "HOME": "/nonexistent"]
        let none = try await lost.run("list")
        #expect(none.status == 2 && none.errors.contains("--kubeconfig FILE"), "\(none)")
        let context = try await ReportCTL(place: ["--kubeconfig", file.path, "--context", "other"]).run("list")
        #expect(context.status == 2 && context.errors.contains("There is no context other"), "\(context)")
    }

    @Test func theDriverIsSilentWhereItsFileIsThere() async throws {
        // As a process of the same id leaves one that was killed.
        let script = "touch /dev/shm/mongoc-$$; exec '\(ReportCTL.binary.path)' --version"
        let result = try await Command.result(["sh", "-c", script])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
        #expect(!result.output.isEmpty)
    }

    @Test func theDoctorNamesWhatIsWrong() async throws {
        try await Scene.play { scene in
            var reportctl = ReportCTL(scene)
            reportctl.environment = [
                "MONGODB_URI": "mongodb://user:sesame@127.0.0.1:\(FreePort.find())/?serverSelectionTimeoutMS=300",
                "REDIS_URL": "redis://:sesame@127.0.0.1:\(FreePort.find())",
            ]
            let checked = try await reportctl.run("doctor")
            #expect(
                checked.output.contains(/ok +API server/) && checked.output.contains(/ok +permissions/), "\(checked)")
            #expect(checked.status == 1, "\(checked)")
            #expect(checked.output.contains(/FAILED +MongoDB +MongoDB can't be reached/), "\(checked)")
            #expect(checked.output.contains(/FAILED +Redis/), "\(checked)")
            #expect(!"\(checked)".contains("sesame"), "\(checked)")
        }
    }
}
