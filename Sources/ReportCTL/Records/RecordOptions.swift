import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportClient
import ReportStores

/// Where the record of all reports is.
struct RecordOptions: ParsableArguments {
    @Option(
        help: """
            A file that holds MongoDB's connection string. Default: $MONGODB_URI, then the Secret of the installation.
            """, completion: .file())
    var mongodbUriFile: String?

    @OptionGroup var installation: InstallationOptions

    func store(_ session: Session) async throws -> ReportStore {
        let address = try await installation.address(
            .mongodb, file: mongodbUriFile, option: "--mongodb-uri-file", session: session)
        var logger = Logger(label: "reportctl") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        do throws(AddressFault) {
            return try ReportStore(address: address.text, applicationName: "reportctl", logger: logger)
        } catch {
            throw Trouble("\(address.source): \(error)", code: .usage)
        }
    }
}

/// Where the operator is installed, and with it the addresses of its servers.
struct InstallationOptions: ParsableArguments {
    @Option(help: "The namespace that the operator is installed in.")
    var operatorNamespace = "report-operator"

    func validate() throws {
        guard NameForm.isLabel(operatorNamespace) else {
            throw ValidationError("--operator-namespace: \"\(operatorNamespace)\" is not the name of a namespace")
        }
    }

    /// A server outside the cluster.
    struct Server: Sendable {
        let name: String
        let variable: String
        let secret: String
        let key: String

        static let mongodb = Server(
            name: "MongoDB", variable: "MONGODB_URI", secret: "report-operator-mongodb", key: "uri")
        static let redis = Server(name: "Redis", variable: "REDIS_URL", secret: "report-operator-redis", key: "url")
    }

    /// An address, password and all: for the client alone.
    struct Address: Sendable {
        let text: String
        /// Where it was read, for messages.
        let source: String
    }

    /// Whether the caller says where the server is, instead of the installation's Secret.
    func isAddressGiven(_ server: Server, file: String?) -> Bool {
        file != nil || Program.environment[server.variable]?.isEmpty == false
    }

    func address(
        _ server: Server, file: String?, option: String, session: Session
    ) async throws(Trouble) -> Address {
        if let file {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw Trouble("\(option): \(file) can't be read", code: .usage)
            }
            return try address(String(decoding: data, as: UTF8.self), source: file)
        }
        if let text = Program.environment[server.variable], !text.isEmpty {
            return try address(text, source: "$\(server.variable)")
        }
        let place = "the Secret \(server.secret) in namespace \(operatorNamespace)"
        let namespace = operatorNamespace
        let secret: JSONValue
        do throws(KubernetesError) {
            secret = try await session.cluster.client.whole(Self.secrets, name: server.secret, namespace: namespace)
        } catch {
            guard error.isNotFound || error.isForbidden else { throw Trouble(error, session: session) }
            let reason = error.isNotFound ? "isn't there" : "may not be read by you"
            throw Trouble(
                "the address of \(server.name) isn't known: \(place) \(reason)",
                advice: [
                    "export \(server.variable)=…, or \(option) FILE",
                    "ask the operator's administrator for an address that can be reached from here",
                ])
        }
        guard let encoded = secret["data"]?[server.key]?.string, let data = Data(base64Encoded: encoded) else {
            throw Trouble("\(place) has no key \"\(server.key)\"", advice: ["export \(server.variable)=…"])
        }
        return try address(String(decoding: data, as: UTF8.self), source: place)
    }

    private func address(_ text: String, source: String) throws(Trouble) -> Address {
        let text = text.trimmingSpaces
        guard !text.isEmpty else { throw Trouble("\(source) is empty", code: .usage) }
        return Address(text: text, source: source)
    }

    private static let secrets = ResourceKind(group: "", version: "v1", kind: "Secret", plural: "secrets")
}
