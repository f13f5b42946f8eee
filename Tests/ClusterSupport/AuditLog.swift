import Foundation
import LoopbackSupport

/// What the API server was asked to write, from its audit log: refused writes too.
package struct AuditLog: Sendable {
    package struct Entry: Decodable, Sendable {
        package struct Object: Decodable, Sendable {
            package var resource: String?
            package var subresource: String?
            package var namespace: String?
            package var name: String?
        }

        package struct Response: Decodable, Sendable {
            package var code: Int?
        }

        package struct User: Decodable, Sendable {
            package var username: String?
        }

        package var verb: String
        package var userAgent: String?
        package var user: User?
        package var objectRef: Object?
        package var responseStatus: Response?

        package var hasSucceeded: Bool { (200..<300).contains(responseStatus?.code ?? 0) }
    }

    /// There is nothing that a test could judge by.
    package struct Missing: Error, CustomStringConvertible {
        package let description: String
    }

    private let file: String

    package init(file: String) { self.file = file }

    /// The log of the cluster that the environment names.
    package static func ofEnvironment() throws -> AuditLog {
        let variable = "REPORT_CLUSTER_AUDIT_LOG"
        guard let file = ProcessInfo.processInfo.environment[variable] else {
            throw Missing(description: "\(variable) is not set: hack/test sets it")
        }
        return AuditLog(file: file)
    }

    /// The writes in a namespace, in the order they were answered. A log that holds none proves nothing, so it is an error.
    package func entries(in namespace: String) throws -> [Entry] {
        let text = try Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped)
        let decoder = JSONDecoder()
        // A crash of the API server may have cut a line.
        let entries = Lines.of(text, with: ["\"\(namespace)\""]).compactMap {
            try? decoder.decode(Entry.self, from: $0)
        }.filter { $0.objectRef?.namespace == namespace }
        guard !entries.isEmpty else { throw Missing(description: "\(file) tells of no write in \(namespace)") }
        return entries
    }

    /// How often each object was created: `[name: count]`.
    package func creations(of resource: String, in namespace: String) throws -> [String: Int] {
        try entries(in: namespace).reduce(into: [:]) { counts, entry in
            guard entry.verb == "create", entry.objectRef?.resource == resource, entry.objectRef?.subresource == nil,
                entry.hasSucceeded
            else { return }
            counts[entry.objectRef?.name ?? "?", default: 0] += 1
        }
    }
}
