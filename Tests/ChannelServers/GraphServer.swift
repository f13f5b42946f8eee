import DeliveryChannels
import Foundation
import HTTPTransport
import KubernetesModel
import Logging
import LoopbackSupport
import ReportAPI
import Synchronization

/// Microsoft's side, in a process of its own that ends with the tests.
final class GraphServer: Sendable {
    static let shared = Result { try GraphServer() }
    static let certificates = Result { try TestCertificates() }

    let port: Int
    /// Of SMTP with TLS, for users whose name is that of their world.
    let mailPort: Int
    private let input = Pipe()
    private let worlds = Mutex(0)
    fileprivate let transport: HTTPTransport

    private init() throws {
        let certificates = try Self.certificates.get()
        let output = Pipe()
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = [
            "python3", "-c", Self.script + Self.mailScript, certificates.path("full.pem"),
            certificates.path("full.key"),
        ]
        python.standardInput = input
        python.standardOutput = output
        try python.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n"), let byte = try output.fileHandleForReading.read(upToCount: 1),
            !byte.isEmpty
        {
            line += byte
        }
        let ports = String(decoding: line, as: UTF8.self).split { $0.isWhitespace }.compactMap { Int($0) }
        guard ports.count == 2 else { throw CocoaError(.executableLoad) }
        (port, mailPort) = (ports[0], ports[1])
        let authority = try certificates.data("authority.pem")
        transport = HTTPTransport(
            configuration: HTTPTransportConfiguration(certificateAuthority: .data(authority), proxy: .none),
            logger: Logger(label: "graph-server"))
    }

    /// Where nothing has happened yet.
    static func world() throws -> World {
        let server = try shared.get()
        return World(server: server, name: "w\(server.worlds.withLock { $0 += 1; return $0 })")
    }

    struct World: Sendable {
        struct Entry: Decodable {
            var method: String
            var path: String
            var query: String
            var length: Int
            var authorized: Bool
            var type: String?
            var range: String?
            var text: String?
        }

        struct File: Decodable, Hashable {
            var size: Int
            var sha256: String
            var versions: Int
            var id: String
        }

        struct Post: Decodable {
            var path: String?
            var body: JSONValue
        }

        struct State: Decodable {
            var log: [Entry]
            var issued: Int
            var refresh: String
            var posts: [Post]
            var open: Int
            var files: [String: File]
        }

        fileprivate let server: GraphServer
        let name: String

        var address: String { "https://127.0.0.1:\(server.port)/\(name)" }
        var mailServer: String { "smtps://127.0.0.1:\(server.mailPort)" }
        var cloud: MicrosoftCloud { MicrosoftCloud(login: address, graph: address) }
        var transport: HTTPTransport { server.transport }

        /// Faults are `{method, path, status, headers, body}` or `{…, cut: half|before|after}`, `skip` and `times`.
        func set(_ orders: JSONValue) async throws {
            let request = HTTPRequest(method: .post, url: control, body: Data(orders.jsonText))
            _ = try await server.transport.send(request)
        }

        func fault(_ members: [String: JSONValue]) async throws {
            try await set(.object(["faults": .array([.object(members)])]))
        }

        func state() async throws -> State {
            try JSONDecoder().decode(State.self, from: await server.transport.send(HTTPRequest(url: control)).body)
        }

        private var control: String { "https://127.0.0.1:\(server.port)/control/\(name)" }

        /// A channel that leads here.
        func spec(_ kind: ReportChannelSpec.Kind) -> ReportChannelSpec {
            var spec = ReportChannelSpec(type: kind)
            spec.allowPrivateAddresses = true
            spec.tls = ReportChannelSpec.TLS(caSecretRef: .init(name: "authority"))
            return spec
        }

        func secrets(_ credentials: [String: String]) throws -> ChannelSecrets {
            var secrets = ChannelSecrets(credentials: credentials.mapValues { Data($0.utf8) })
            secrets.authorities = try GraphServer.certificates.get().data("authority.pem")
            return secrets
        }

        func endpoint(now: @escaping @Sendable () -> Date = { Date() }) -> TokenEndpoint {
            TokenEndpoint(cloud: cloud, tenant: "example.com", transport: transport, now: now)
        }
    }
}
