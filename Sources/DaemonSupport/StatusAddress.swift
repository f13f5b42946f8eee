import ArgumentParser

/// Where the status server listens.
package enum StatusAddress: Hashable, ExpressibleByArgument {
    case off
    case listen(host: String, port: UInt16)

    package static let `default` = StatusAddress.listen(host: "127.0.0.1", port: 8080)

    /// `127.0.0.1:8080`, `[::1]:8080`, `:8080` for every address, or `off`.
    package init?(argument: String) {
        if argument == "off" {
            self = .off
            return
        }
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...])
        else { return nil }
        var host = String(argument[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self = .listen(host: host.isEmpty ? "0.0.0.0" : host, port: port)
    }

    package var defaultValueDescription: String { description }

    package var description: String {
        switch self {
        case .off: "off"
        case .listen(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
