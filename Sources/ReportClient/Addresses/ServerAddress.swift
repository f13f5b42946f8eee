import FoundationEssentials
public import KubernetesClient
import KubernetesModel

/// An address, password and all: for the client of that server alone.
public struct ServerAddress: Hashable, Sendable {
    public let text: String
    /// Where it was read, for messages.
    public let source: String

    public init(_ text: String, source: String) throws(AddressRefusal) {
        self.text = text.trimmingSpaces
        self.source = source
        guard !self.text.isEmpty else { throw .empty(source: source) }
    }
}

/// Why the address of a server isn't known.
public enum AddressRefusal: Error, Sendable {
    case unreadable(file: String)
    case empty(source: String)
    /// The installation's Secret isn't there, or the caller may not read it.
    case notShown(source: String, KubernetesError)
    case withoutKey(source: String, key: String)
    /// The API server can't be asked.
    case api(KubernetesError)
}

/// Where addresses are looked for: a file, the environment, the Secret of the installation, in this order.
public struct AddressBook: Sendable {
    private let environment: [String: String]
    /// The namespace that the operator is installed in.
    private let namespace: String

    public init(environment: [String: String], namespace: String) {
        self.environment = environment
        self.namespace = namespace
    }

    /// Whether the caller says where the server is, instead of the installation's Secret.
    public func isGiven(_ server: OutsideServer, file: String?) -> Bool {
        file != nil || environment[server.variable]?.isEmpty == false
    }

    public func address(
        of server: OutsideServer, file: String?, client: KubernetesClient
    ) async throws(AddressRefusal) -> ServerAddress {
        if let given = try givenAddress(of: server, file: file) { return given }
        let answer: Result<JSONValue, KubernetesError>
        do throws(KubernetesError) {
            answer = .success(try await client.whole(Self.secrets, name: server.secret, namespace: namespace))
        } catch {
            answer = .failure(error)
        }
        switch answer {
        case .success(let secret): return try address(of: server, in: secret)
        case .failure(let error) where error.isNotFound || error.isForbidden:
            throw .notShown(source: place(of: server), error)
        case .failure(let error): throw .api(error)
        }
    }

    /// What needs no cluster.
    public func givenAddress(of server: OutsideServer, file: String?) throws(AddressRefusal) -> ServerAddress? {
        if let file {
            guard let data = FileManager.default.contents(atPath: file) else { throw .unreadable(file: file) }
            return try ServerAddress(String(decoding: data, as: UTF8.self), source: file)
        }
        guard let text = environment[server.variable], !text.isEmpty else { return nil }
        return try ServerAddress(text, source: "$\(server.variable)")
    }

    func address(of server: OutsideServer, in secret: JSONValue) throws(AddressRefusal) -> ServerAddress {
        guard let encoded = secret["data"]?[server.key]?.string, let data = Data(base64Encoded: encoded) else {
            throw .withoutKey(source: place(of: server), key: server.key)
        }
        return try ServerAddress(String(decoding: data, as: UTF8.self), source: place(of: server))
    }

    private func place(of server: OutsideServer) -> String { "the Secret \(server.secret) in namespace \(namespace)" }

    private static let secrets = ResourceKind(group: "", version: "v1", kind: "Secret", plural: "secrets")
}

extension String {
    /// Without the white space at its ends.
    public var trimmingSpaces: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
