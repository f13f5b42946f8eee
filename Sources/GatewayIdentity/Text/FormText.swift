import NetworkAddresses

/// Names and values as queries and forms have them.
enum FormText {
    static func encoded(_ fields: [(String, String)]) -> String {
        fields.map { "\(PercentEncoding.component($0.0))=\(PercentEncoding.component($0.1))" }.joined(separator: "&")
    }

    /// The fields of a query; nil where it isn't a query, or a name is there twice.
    static func fields(_ query: String) -> [String: String]? {
        var fields: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decoded(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decoded(parts.count == 2 ? parts[1] : "", plusIsSpace: true),
                fields.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        return fields
    }
}
