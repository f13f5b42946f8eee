import Foundation

/// What the API server was asked to write, from its audit log: the refused writes too.
struct AuditTrail: Sendable {
    struct Entry: Decodable, Sendable {
        struct Reference: Decodable, Sendable {
            var resource: String?
            var namespace: String?
            var name: String?
            var subresource: String?
        }

        struct Response: Decodable, Sendable {
            var code: Int?
        }

        struct User: Decodable, Sendable {
            var username: String?
        }

        var verb: String
        var objectRef: Reference?
        var responseStatus: Response?
        var userAgent: String?
        var user: User?

        var hasSucceeded: Bool { (200..<300).contains(responseStatus?.code ?? 0) }
    }

    let file: String

    init(file: String) { self.file = file }

    /// The log of the cluster that the environment names; nil where it keeps none.
    static var ofEnvironment: AuditTrail? {
        ProcessInfo.processInfo.environment["REPORT_CLUSTER_AUDIT_LOG"].map(AuditTrail.init(file:))
    }

    /// The writes in one namespace, in their order.
    func entries(in namespace: String) throws -> [Entry] {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        return text.split(separator: "\n").filter { $0.contains(namespace) }
            .compactMap { try? JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
            .filter { $0.objectRef?.namespace == namespace }
    }

    /// How often each Job of a namespace was created.
    func jobCreations(in namespace: String) throws -> [String: Int] {
        try entries(in: namespace)
            .filter {
                $0.verb == "create" && $0.objectRef?.resource == "jobs" && $0.hasSucceeded
                    && $0.objectRef?.subresource == nil
            }
            .reduce(into: [:]) { $0[$1.objectRef?.name ?? "?", default: 0] += 1 }
    }
}
