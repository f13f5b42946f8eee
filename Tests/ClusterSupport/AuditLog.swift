import Foundation

/// What the API server was asked to write, from its audit log: the refused writes too.
package struct AuditLog: Sendable {
    package struct Entry: Decodable, Sendable {
        package struct Reference: Decodable, Sendable {
            package var resource: String?
            package var namespace: String?
            package var name: String?
            package var subresource: String?
        }

        package struct Response: Decodable, Sendable {
            package var code: Int?
        }

        package struct User: Decodable, Sendable {
            package var username: String?
        }

        package var verb: String
        package var objectRef: Reference?
        package var responseStatus: Response?
        package var userAgent: String?
        package var user: User?

        package var hasSucceeded: Bool { (200..<300).contains(responseStatus?.code ?? 0) }
    }

    package let file: String

    package init(file: String) { self.file = file }

    /// The log of the cluster that the environment names; nil where it keeps none.
    package static var ofEnvironment: AuditLog? {
        ProcessInfo.processInfo.environment["REPORT_CLUSTER_AUDIT_LOG"].map(AuditLog.init(file:))
    }

    /// The writes in one namespace, in their order.
    package func entries(in namespace: String) throws -> [Entry] {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        return text.split(separator: "\n").filter { $0.contains(namespace) }
            .compactMap { try? JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
            .filter { $0.objectRef?.namespace == namespace }
    }

    /// How often each Job of a namespace was created.
    package func jobCreations(in namespace: String) throws -> [String: Int] {
        try entries(in: namespace)
            .filter {
                $0.verb == "create" && $0.objectRef?.resource == "jobs" && $0.hasSucceeded
                    && $0.objectRef?.subresource == nil
            }
            .reduce(into: [:]) { $0[$1.objectRef?.name ?? "?", default: 0] += 1 }
    }
}
