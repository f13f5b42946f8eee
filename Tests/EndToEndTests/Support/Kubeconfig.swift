import ClusterSupport
import Foundation
import LoopbackSupport

enum Kubeconfig {
    /// A kubeconfig whose server doesn't answer.
    static func withoutServer() throws -> URL {
        let file = URL(fileURLWithPath: NSTemporaryDirectory())
            .appendingPathComponent("kubeconfig-\(UUID().uuidString)")
        let text = """
            apiVersion: v1
            kind: Config
            current-context: none
            contexts: [{name: none, context: {cluster: none, user: none}}]
            clusters: [{name: none, cluster: {server: "https://127.0.0.1:\(FreePort.find())"}}]
            users: [{name: none, user: {token: none}}]

            """
        try Data(text.utf8).write(to: file)
        return file
    }
}
