package import KubernetesModel

/// A place in a JSON text (RFC 6901), such as `/data/id`; never the whole of it.
package struct JSONPointer: Hashable, Sendable {
    private let tokens: [String]

    /// Nil for what isn't one.
    package init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "/"), text.utf8.count <= 256 else { return nil }
        var tokens: [String] = []
        for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            var token: [UInt8] = []
            var rest = part[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "~") else {
                    token.append(byte)
                    continue
                }
                switch rest.popFirst() {
                case UInt8(ascii: "0"): token.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): token.append(UInt8(ascii: "/"))
                default: return nil
                }
            }
            tokens.append(String(decoding: token, as: UTF8.self))
        }
        self.tokens = tokens
    }

    /// Nil where there is nothing.
    package func value(in value: JSONValue) -> JSONValue? {
        tokens.reduce(Optional(value)) { value, token in
            switch value {
            case .object(let members): members[token]
            case .array(let list): Int(token).flatMap { list.indices.contains($0) ? list[$0] : nil }
            default: nil
            }
        }
    }
}
