import ChannelServers
import ClusterSupport
import Foundation
import KubernetesModel
import ReportStores
import ServiceSupport

extension DeliveryBed {
    struct SignedIn {
        var status: Int32
        var screen: String
        var took: Duration
    }

    /// Runs `report-courier sign-in` for the channel team as a person does, beside a server whose answers to the first
    /// questions are `answers`.
    func signIn(to world: GraphServer.World, answers: [String] = []) async throws -> SignedIn {
        try await world.set(
            .object(["pending": .strings(answers), "options": .object(["interval": .integer(1)])]))
        var parts = URLComponents(string: try outside.services.value("MONGODB_ADMIN_URI"))
        parts?.path = "/\(outside.records.database)"
        let file = FileManager.default.temporaryDirectory.appending(path: "uri-\(namespace)")
        try Data((parts?.string ?? "").utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let kubeconfig = cluster.kubeconfig ?? ProcessInfo.processInfo.environment["KUBECONFIG"] ?? ""
        let start = ContinuousClock.now
        let result = try await Command.result(
            ["timeout", "60", OperatorProcess.program("report-courier").path, "sign-in", "team"]
                + ["--courier-namespace", courierNamespace, "--kubeconfig", kubeconfig]
                + ["--mongodb-uri-file", file.path] + Self.options(of: world))
        return SignedIn(
            status: result.status, screen: result.output + result.errors, took: ContinuousClock.now - start)
    }

    /// What is kept of it.
    func storedSignIn() async throws -> [UInt8]? {
        let uid = try await cluster.kubectl(
            "get", "rch", "team", "-n", courierNamespace, "-o", "jsonpath={.metadata.uid}")
        return try await outside.records.signIns.load(channelUID: uid)
    }
}
