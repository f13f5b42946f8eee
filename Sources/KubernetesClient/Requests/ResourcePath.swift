import KubernetesModel
import NetworkAddresses

/// A resource's path on the server, and how to call it in messages.
struct ResourcePath: Hashable, Sendable {
    /// Percent-encoded, with a leading slash.
    let path: String
    /// `jobs.batch team-a/x`
    let name: String
    /// The plural with its group, as metrics name it.
    let resource: String
    /// The namespace or the name that no object can have, and that would make another path of this one.
    let impossible: String?

    /// `namespace` is nil for all namespaces.
    init(_ kind: ResourceKind, namespace: String?, name: String? = nil, subresource: Subresource? = nil) {
        var segments = kind.group.isEmpty ? ["api", kind.version] : ["apis", kind.group, kind.version]
        if let namespace { segments += ["namespaces", namespace] }
        segments.append(kind.plural)
        if let name { segments.append(name) }
        if let subresource { segments.append(subresource.rawValue) }
        path = Self.joined(segments)
        impossible = [namespace, name].compactMap(\.self).first { !Self.isSegment($0) }
        resource = kind.qualifiedName
        let object =
            switch (namespace, name) {
            case (let namespace?, let name?): " \(namespace)/\(name)"
            case (let namespace?, nil): " in \(namespace)"
            case (nil, let name?): " \(name)"
            case (nil, nil): ""
            }
        self.name = resource + (subresource.map { "/\($0.rawValue)" } ?? "") + object
    }

    /// A path that isn't a resource's, such as those of discovery.
    init(segments: [String]) {
        path = Self.joined(segments)
        impossible = nil
        name = path
        resource = path
    }

    /// Whether a server takes `text` for one segment, which it decodes before it looks.
    /// Source: `IsValidPathSegmentName` in k8s.io/apimachinery/pkg/api/validation/path.
    private static func isSegment(_ text: String) -> Bool {
        !["", ".", ".."].contains(text) && !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") }
    }

    private static func joined(_ segments: [String]) -> String {
        segments.map { "/" + PercentEncoding.component($0) }.joined()
    }
}

/// A part of an object with a path of its own.
public enum Subresource: String, Hashable, Sendable {
    case status
    case scale
    case log
}
