import ClusterSupport
import Foundation
import LoopbackSupport
import ReportAPI
import Testing

/// Users who have Kubernetes' own roles in a namespace, each with a token of his own.
@Suite(.needsCluster, .besideOthers)
struct PeopleTests {
    private static let request = Manifest.request("mine", stages: Manifest.stage("only", "true"))
    private static let pipeline = """
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: mine}
        spec: {stages: [{name: only, image: a}]}

        """

    @Test func viewSeesEditAsksAndAdminOffers() async throws {
        try await Scene.play { scene in
            try await scene.cluster.kubectl("apply", "-k", Installation.file("manifests/people"))
            try await scene.startOperator()
            let viewer = try await User(role: "view", in: scene)
            let editor = try await User(role: "edit", in: scene)
            let admin = try await User(role: "admin", in: scene)
            defer { for user in [viewer, editor, admin] { user.forget() } }

            // Who edits asks for a report, and gets it.
            try await editor.may("apply", "-f", "-", input: Self.request)
            #expect(try await scene.end(of: "mine").phase == .succeeded)
            try await editor.may("patch", "reportrequest", "mine", "--type=merge", "-p", #"{"spec":{"priority":3}}"#)
            try await editor.mayNot("apply", "-f", "-", input: Self.pipeline)
            let result = #"{"status":{"phase":"Failed"}}"#
            try await editor.mayNot(
                "patch", "reportrequest", "mine", "--subresource=status", "--type=merge", "-p", result)

            // Who views sees it, and changes nothing.
            let seen = try await viewer.may("get", "reportrequests,reportpipelines", "-o", "name")
            #expect(seen.contains("reportrequest.reports.ers.dev/mine"))
            try await viewer.may("logs", "-l", "\(ReportsAPI.Label.request)=mine")
            try await viewer.mayNot("apply", "-f", "-", input: Manifest.request("other", stages: Manifest.held("a")))
            try await viewer.mayNot(
                "patch", "reportrequest", "mine", "--type=merge", "-p", #"{"spec":{"cancel":true}}"#)
            try await viewer.mayNot("delete", "reportrequest", "mine")

            // The catalogue is the administrator's.
            try await admin.may("apply", "-f", "-", input: Self.pipeline)
            try await viewer.may("get", "reportpipeline", "mine")
            try await editor.mayNot("delete", "reportpipeline", "mine")
            try await admin.may("delete", "reportpipeline", "mine")
            try await editor.may("delete", "reportrequest", "mine")

            // Elsewhere none of them may do anything.
            for user in [viewer, editor, admin] {
                try await user.mayNot("get", "reportrequests", "-n", "default")
            }
        }
    }
}

/// Somebody with one of Kubernetes' roles in a scene's namespace.
private struct User: Sendable {
    private let kubeconfig: URL

    init(role: String, in scene: Scene) async throws {
        try await scene.kubectl("create", "serviceaccount", "user-\(role)")
        try await scene.kubectl(
            "create", "rolebinding", "user-\(role)", "--clusterrole=\(role)",
            "--serviceaccount=\(scene.namespace):user-\(role)")
        let token = try await scene.kubectl("create", "token", "user-\(role)")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        kubeconfig = URL(fileURLWithPath: NSTemporaryDirectory())
            .appendingPathComponent("\(scene.namespace)-\(role).kubeconfig")
        // By a file: everybody can read a command line, though this token is worth little.
        let view = try await scene.kubectl("config", "view", "--raw", "--minify", "--flatten", "-o", "json")
        guard var config = try JSONSerialization.jsonObject(with: Data(view.utf8)) as? [String: Any],
            var context = (config["contexts"] as? [[String: Any]])?.first,
            var inner = context["context"] as? [String: Any]
        else { throw Command.Failed(description: "kubectl config view: \(view)") }
        config["users"] = [["name": "user", "user": ["token": token]]]
        inner["user"] = "user"
        inner["namespace"] = scene.namespace
        context["context"] = inner
        config["contexts"] = [context]
        try JSONSerialization.data(withJSONObject: config, options: .withoutEscapingSlashes).write(to: kubeconfig)
        // A controller adds up what view, edit and admin consist of, and the server has to hear of the binding.
        let (verb, resource) =
            switch role {
            case "view": ("list", "reportrequests")
            case "edit": ("create", "reportrequests")
            default: ("create", "reportpipelines")
            }
        try await eventually("\(role) may \(verb) \(resource)", every: .milliseconds(100)) {
            try await canI(verb, "\(resource).reports.ers.dev")
        }
    }

    func forget() { try? FileManager.default.removeItem(at: kubeconfig) }

    @discardableResult
    func may(_ arguments: String..., input: String? = nil) async throws -> String {
        try await Command.run(["kubectl", "--kubeconfig", kubeconfig.path] + arguments, input: input)
    }

    func mayNot(_ arguments: String..., input: String? = nil) async throws {
        let result = try await Command.result(["kubectl", "--kubeconfig", kubeconfig.path] + arguments, input: input)
        #expect(result.status != 0, "\(arguments)")
        #expect(result.errors.contains("forbidden"), "\(arguments): \(result.errors)")
    }

    private func canI(_ verb: String, _ resource: String) async throws -> Bool {
        try await Command.result(["kubectl", "--kubeconfig", kubeconfig.path, "auth", "can-i", verb, resource]).status
            == 0
    }
}
