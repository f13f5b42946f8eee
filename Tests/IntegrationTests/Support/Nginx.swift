import ClusterSupport
import Foundation
import LoopbackSupport
import ProgramSupport

/// A real nginx on the loopback that leads `/reports/` to a gateway, by the very lines that the manifests show.
final class Nginx: Sendable {
    let port = FreePort.find()
    private let folder: URL
    private let certificates: TestCertificates
    private let program: ChildProgram

    /// Returns once it takes connections. `gateway`: the port of the one behind it.
    init(gateway: Int) async throws {
        certificates = try TestCertificates()
        let folder = FileManager.default.temporaryDirectory.appending(path: "nginx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.folder = folder
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(folder.path)/\($0);"
        }.joined(separator: " ")
        let lines = LiveCluster.root.appending(path: "manifests/samples/gateway/nginx/reports.conf").path
        let text = """
            daemon off;
            master_process off;
            pid \(folder.path)/pid;
            error_log \(folder.path)/log;
            events {}
            http {
                access_log off;
                \(places)
                upstream report_gateway { server 127.0.0.1:\(gateway); keepalive 64; }
                server {
                    listen 127.0.0.1:\(port) ssl http2;
                    ssl_certificate \(certificates.path("full.pem"));
                    ssl_certificate_key \(certificates.path("full.key"));
                    include \(lines);
                }
            }
            """
        let file = folder.appending(path: "nginx.conf")
        try Data(text.utf8).write(to: file)
        program = try ChildProgram(["/usr/sbin/nginx", "-p", folder.path, "-e", folder.path + "/log", "-c", file.path])
        try await eventually("nginx listens: \(log)") {
            guard let connection = LoopbackConnection.open(toPort: Int(port)) else { return false }
            connection.close()
            return true
        }
    }

    var log: String { (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "" }

    func url(_ path: String) -> String { "https://localhost:\(port)\(path)" }

    /// Asks by https. The page's own path is `/reports/`.
    func get(
        _ path: String, method: String = "GET", token: String? = nil, json: String? = nil, _ options: String...
    ) async throws -> WebAnswer {
        try await WebAnswer.get(
            url(path), method: method, token: token, json: json,
            options: ["--cacert", certificates.path("authority.pem")] + options)
    }

    /// Follows events until the stream is ended.
    func follow(_ path: String, token: String) throws -> OpenStream {
        try OpenStream(url(path), authority: certificates.path("authority.pem"), token: token)
    }

    func end() {
        program.end(SIGKILL)
        try? FileManager.default.removeItem(at: folder)
        try? FileManager.default.removeItem(at: certificates.directory)
    }
}

/// What comes over a stream, as curl hears it.
final class OpenStream: Sendable {
    private let program: ChildProgram
    private let file: URL

    fileprivate init(_ url: String, authority: String, token: String) throws {
        file = FileManager.default.temporaryDirectory.appending(path: "stream-\(UUID().uuidString)")
        program = try ChildProgram(
            [
                "curl", "--silent", "--no-buffer", "--max-time", "300", "--cacert", authority, "--header",
                "Authorization: Bearer \(token)", url,
            ], output: .file(file))
    }

    var isOpen: Bool { program.isRunning }

    var text: String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

    func wait(for words: String, within limit: Duration = .seconds(60)) async throws {
        try await eventually("the stream tells \(words): \(text.suffix(2000))", within: limit) { text.contains(words) }
    }

    func end() {
        program.end()
        try? FileManager.default.removeItem(at: file)
    }
}
