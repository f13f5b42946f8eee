import FoundationEssentials
import HTTPTransport
package import KubernetesModel

/// One request to the API server, taken apart.
package struct APICall: Sendable {
    package enum Verb: String, Sendable {
        case get, list, create, patch, delete

        package var isWrite: Bool { self != .get && self != .list }
    }

    package var verb: Verb
    /// `jobs.batch`, as kubectl names it: the version doesn't matter here.
    package var resource: String
    /// Nil for all.
    package var namespace: String?
    package var name = ""
    package var subresource: String?
    package var query: [String: String] = [:]
    package var body: JSONValue = .null
    /// When it comes, by the server's clock, and how many writes have come before it.
    package var now = Timestamp.start
    package var number = 0

    package var key: ObjectKey { ObjectKey(namespace: namespace ?? "", name: name) }

    /// The name of what it is about, also where that stands in the manifest.
    package var objectName: String { name.isEmpty ? body["metadata"]?["name"]?.string ?? "" : name }

    /// Nil where there is nothing under the path.
    init?(_ request: HTTPRequest) {
        let url = request.url.split(separator: "/", maxSplits: 2).last ?? ""
        let parts = url.split(separator: "?", maxSplits: 1)
        var path = parts.first.map { $0.split(separator: "/").map { Self.decoded($0) } } ?? []
        let group: String
        switch path.first {
        case "api" where path.count > 2: (group, path) = ("", Array(path.dropFirst(2)))
        case "apis" where path.count > 3: (group, path) = (path[1], Array(path.dropFirst(3)))
        default: return nil
        }
        if path.count > 2, path[0] == "namespaces" {
            namespace = path[1]
            path.removeFirst(2)
        }
        resource = group.isEmpty ? path[0] : "\(path[0]).\(group)"
        if path.count > 1 { name = path[1] }
        if path.count > 2 { subresource = path[2] }
        switch request.method {
        case .get: verb = name.isEmpty ? .list : .get
        case .post: verb = .create
        case .patch: verb = .patch
        case .delete: verb = .delete
        default: return nil
        }
        for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[Self.decoded(halves[0])] = halves.count > 1 ? Self.decoded(halves[1]) : ""
        }
        if let data = request.body { body = (try? JSONDecoder().decode(JSONValue.self, from: data)) ?? .null }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
