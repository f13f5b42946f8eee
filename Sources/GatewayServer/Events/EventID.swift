internal import KubernetesModel

/// How far somebody has heard of each kind of object: the id of a server-sent event.
///
/// A resource version for each kind, so that any replica knows what comes next, and so that it doesn't matter that one
/// watch may be ahead of another. As text such as `requests=412,deliveries=398`.
package struct EventID: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case requests, deliveries, schedules, pipelines
    }

    package private(set) var versions: [Kind: String]

    package init(_ versions: [Kind: String] = [:]) { self.versions = versions }

    /// nil for a text that no event has as its id.
    package init?(_ text: String) {
        versions = [:]
        guard text.utf8.count <= 200 else { return nil }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false)
            guard pair.count == 2, let kind = Kind(rawValue: String(pair[0])), versions[kind] == nil,
                ResourceVersion.isOlder("", than: String(pair[1]))
            else { return nil }
            versions[kind] = String(pair[1])
        }
    }

    package var description: String {
        Kind.allCases.compactMap { kind in versions[kind].map { "\(kind.rawValue)=\($0)" } }.joined(separator: ",")
    }

    /// Moves on to a version; never back.
    mutating func advance(_ kind: Kind, to version: String) {
        if let known = versions[kind], !ResourceVersion.isOlder(known, than: version) { return }
        versions[kind] = version
    }
}
