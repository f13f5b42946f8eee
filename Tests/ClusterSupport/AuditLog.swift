import Foundation

/// What the API server noted of each write, refused ones too.
package enum AuditLog {
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

        package var verb: String
        package var userAgent: String?
        package var objectRef: Object?
        package var responseStatus: Response?
    }

    package struct Missing: Error {}

    /// The writes in a namespace, in the order they were answered.
    package static func entries(in namespace: String) throws -> [Entry] {
        guard let path = ProcessInfo.processInfo.environment["REPORT_CLUSTER_AUDIT_LOG"] else { throw Missing() }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let decoder = JSONDecoder()
        return text.split(separator: "\n").compactMap { line in
            guard line.contains("\"\(namespace)\"") else { return nil }
            // A crash of the API server may have cut a line.
            return try? decoder.decode(Entry.self, from: Data(line.utf8))
        }.filter { $0.objectRef?.namespace == namespace }
    }

    /// How often each name was created: `[job: count]`.
    package static func creations(of resource: String, in namespace: String) throws -> [String: Int] {
        try entries(in: namespace).reduce(into: [:]) { counts, entry in
            guard entry.verb == "create", entry.objectRef?.resource == resource, entry.objectRef?.subresource == nil,
                entry.responseStatus?.code == 201, let name = entry.objectRef?.name
            else { return }
            counts[name, default: 0] += 1
        }
    }
}
