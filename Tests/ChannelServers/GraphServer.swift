package import DeliveryChannels
package import Foundation
package import HTTPTransport
package import KubernetesModel
import Logging
package import LoopbackSupport
import ProgramSupport
package import ReportAPI
import Synchronization

/// Microsoft's side, in a process of its own that ends with the tests.
package final class GraphServer: Sendable {
    package static let shared = Result { try GraphServer() }
    package static let certificates = Result { try TestCertificates() }

    package let port: Int
    /// Of SMTP with TLS, for users whose name is that of their world.
    package let mailPort: Int
    private let program: ChildProgram
    private let worlds = Mutex(0)
    fileprivate let transport: HTTPTransport

    private init() throws {
        let certificates = try Self.certificates.get()
        program = try ChildProgram(
            [
                "python3", "-c", Self.script + Self.mailScript, certificates.path("full.pem"),
                certificates.path("full.key"),
            ], input: .pipe, output: .pipe)
        let ports = try program.readLine()?.split(separator: " ").compactMap { Int($0) } ?? []
        guard ports.count == 2 else { throw CocoaError(.executableLoad) }
        (port, mailPort) = (ports[0], ports[1])
        let authority = try certificates.data("authority.pem")
        transport = HTTPTransport(
            configuration: HTTPTransportConfiguration(certificateAuthority: .data(authority), proxy: .none),
            logger: Logger(label: "graph-server"))
    }

    /// Where nothing has happened yet.
    package static func world() throws -> World {
        let server = try shared.get()
        return World(server: server, name: "w\(server.worlds.withLock { $0 += 1; return $0 })")
    }

    package struct World: Sendable {
        package struct Entry: Decodable {
            package var method: String
            package var path: String
            package var query: String
            package var length: Int
            package var authorized: Bool
            package var type: String?
            package var range: String?
            package var text: String?
        }

        package struct File: Decodable, Hashable {
            package var size: Int
            package var sha256: String
            package var versions: Int
            package var id: String
        }

        package struct Post: Decodable {
            package var path: String?
            package var body: JSONValue
        }

        package struct State: Decodable {
            package var log: [Entry]
            package var issued: Int
            package var refresh: String
            package var posts: [Post]
            package var open: Int
            package var files: [String: File]
            /// Since it was told to count.
            package var counted: Int
            package var hasKilled: Bool
        }

        fileprivate let server: GraphServer
        package let name: String

        package var address: String { "https://127.0.0.1:\(server.port)/\(name)" }
        package var mailServer: String { "smtps://127.0.0.1:\(server.mailPort)" }
        package var cloud: MicrosoftCloud { MicrosoftCloud(login: address, graph: address) }
        package var transport: HTTPTransport { server.transport }

        /// Faults are `{method, path, status, headers, body}` or `{…, cut: half|before|after}`, `skip` and `times`.
        package func set(_ orders: JSONValue) async throws {
            let request = HTTPRequest(method: .post, url: control, body: Data(orders.jsonText))
            _ = try await server.transport.send(request)
        }

        package func fault(_ members: JSONObject) async throws {
            try await set(.object(["faults": .array([.object(members)])]))
        }

        /// Counts requests from now on, and ends their sender at one of them, if any: before it is read, when half of it is,
        /// or when it is carried out and not answered.
        package func count(killing kill: (process: Int32, number: Int, moment: String)? = nil) async throws {
            let order = kill.map { kill in
                JSONValue.object([
                    "pid": .integer(Int64(kill.process)), "number": .integer(Int64(kill.number)),
                    "moment": .string(kill.moment),
                ])
            }
            try await set(.object(["kill": order ?? .null]))
        }

        package func state() async throws -> State {
            try JSONDecoder().decode(State.self, from: await server.transport.send(HTTPRequest(url: control)).body)
        }

        private var control: String { "https://127.0.0.1:\(server.port)/control/\(name)" }

        /// A channel that leads here.
        package func spec(_ kind: ReportChannelSpec.Kind) -> ReportChannelSpec {
            var spec = ReportChannelSpec(type: kind)
            spec.allowPrivateAddresses = true
            spec.tls = ReportChannelSpec.TLS(caSecretRef: .init(name: "authority"))
            return spec
        }

        package func secrets(_ credentials: [String: String]) throws -> ChannelSecrets {
            var secrets = ChannelSecrets(credentials: credentials.mapValues { Data($0.utf8) })
            secrets.authorities = try GraphServer.certificates.get().data("authority.pem")
            return secrets
        }

        package func endpoint(now: @escaping @Sendable () -> Date = { Date() }) -> TokenEndpoint {
            TokenEndpoint(cloud: cloud, tenant: "example.com", transport: transport, now: now)
        }
    }
}
