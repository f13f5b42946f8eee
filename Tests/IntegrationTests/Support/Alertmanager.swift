import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport
import ProgramSupport

/// A real Alertmanager on the loopback, which reports each alert by itself to one webhook, and again each second while it fires.
final class Alertmanager: Sendable {
    private let port = FreePort.find()
    private let folder: URL
    private let program: ChildProgram

    /// Returns once it is ready.
    init(webhook: String, token: String) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "alertmanager-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let text = """
            route: {receiver: reports, group_by: ["..."], group_wait: 0s, group_interval: 1s, repeat_interval: 1s}
            receivers:
            - name: reports
              webhook_configs:
              - url: \(webhook)
                send_resolved: true
                http_config: {authorization: {type: Bearer, credentials: \(token)}}
            """
        let (file, log) = (folder.appending(path: "alertmanager.yml"), folder.appending(path: "log"))
        try Data(text.utf8).write(to: file)
        program = try ChildProgram(
            [
                "/usr/bin/prometheus-alertmanager", "--config.file=\(file.path)", "--storage.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
            ], errors: .file(log))
        try await eventually("Alertmanager is ready: \(self.log)", every: .milliseconds(100)) {
            (try? await WebAnswer.get(url("/-/ready")).status) == 200
        }
    }

    var log: String { (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "" }

    private func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Tells it of an alert, as Prometheus does; `isOver`: of its end.
    func hear(_ labels: [String: String], annotations: [String: String] = [:], isOver: Bool = false) async throws {
        let alert = JSONValue.compact([
            "labels": .strings(labels), "annotations": .strings(annotations),
            "endsAt": isOver ? .string("\(Timestamp(Date()))") : nil,
        ])
        let json = String(decoding: JSONValue.array([alert]).jsonText, as: UTF8.self)
        let answer = try await WebAnswer.get(url("/api/v2/alerts"), method: "POST", json: json)
        guard answer.status == 200 else { throw DeadlineExceeded(description: "Alertmanager: \(answer.body)") }
    }

    func end() {
        program.end()
        try? FileManager.default.removeItem(at: folder)
    }
}
