import KubernetesModel
import ReportAPI

/// Which objects of the cluster name an address where they say who asked or to whom something goes.
struct LiveMentions {
    private let address: String

    init(_ address: String) { self.address = address.lowercased() }

    /// A line for each that names it. `list`: as the API server gives it.
    func lines(_ list: JSONValue, _ kind: ResourceKind) -> [String] {
        (list["items"]?.array ?? []).compactMap { object in
            let places = [object["spec"], object["status"]].compactMap(\.self).flatMap { members(of: $0, "") }
            guard let first = places.first else { return nil }
            let metadata = object["metadata"]
            let name = [metadata?["namespace"]?.string, metadata?["name"]?.string].compactMap(\.self)
            return "\(kind.kind) \(name.joined(separator: "/")): \(first)"
        }.sorted()
    }

    /// What people wrote beside, such as parameters and texts, and what alerts brought along names nobody as a recipient.
    private static let others: Set<String> = [
        "parameters", "stages", "report", "workspace", "only", "conditions", "labels", "annotations",
    ]
    private static let addresses: Set<String> = ["email", "to", "cc", "replyTo"]

    private func members(of value: JSONValue, _ path: String) -> [String] {
        (value.object ?? [:]).sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
            let place = path.isEmpty ? key : "\(path).\(key)"
            guard !Self.others.contains(key) else { return [] }
            if Self.addresses.contains(key) {
                let texts = (value.array ?? [value]).compactMap(\.string)
                return texts.contains { $0.lowercased() == address } ? [place] : []
            }
            return (value.array ?? [value]).flatMap { members(of: $0, place) }
        }
    }
}
