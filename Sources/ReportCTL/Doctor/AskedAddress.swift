import KubernetesClient
import ReportClient

/// By which address a server was asked, without its password, and whether that is the operator's.
struct AskedAddress: Sendable {
    let server: OutsideServer
    /// Hosts and database; nil where none is known.
    let hosts: String
    /// Where it was read.
    let source: String
    /// The same of the operator's; nil where its Secret can't be read.
    let operators: String?

    /// `address`, `operators`: as they are written, password and all.
    init(server: OutsideServer, address: String, source: String, operators: String?) {
        self.server = server
        hosts = Self.hosts(address)
        self.source = source
        self.operators = operators.map(Self.hosts)
    }

    /// Reads both. Nil where none is known to ask by.
    static func of(_ server: OutsideServer, file: String?, _ installation: InstallationOptions, _ session: Session)
        async -> Self?
    {
        let client = session.cluster.client
        let given = AddressBook(environment: Program.environment, namespace: installation.operatorNamespace)
        let installed = AddressBook(environment: [:], namespace: installation.operatorNamespace)
        guard let asked = try? await given.address(of: server, file: file, client: client) else { return nil }
        let operators = try? await installed.address(of: server, file: nil, client: client)
        return AskedAddress(server: server, address: asked.text, source: asked.source, operators: operators?.text)
    }

    /// Such as `at db-0:27017/reports, which $MONGODB_URI names`.
    var words: String { "at \(hosts), which \(source) names" }

    /// Nil where it is the operator's, or that can't be known.
    var finding: Finding? {
        guard let operators, operators != hosts else { return nil }
        return .warning(
            server.name, "that is not the operator's address, which is \(operators)",
            mend: "if both lead to one server, as through a tunnel, all is well; else ask without \(source)")
    }

    /// An address without scheme, user, password and options.
    static func hosts(_ address: String) -> String {
        var rest = address[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        // First, since a password may hold what options begin with.
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        rest = rest.prefix { $0 != "?" && $0 != "#" }
        while rest.hasSuffix("/") { rest.removeLast() }
        return rest.lowercased()
    }
}
