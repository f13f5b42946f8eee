package import KubernetesModel

/// A label selector, as far as the operator uses them: `a`, `!a`, `a=b`, `a!=b`, joined by commas.
package struct LabelSelector: Sendable {
    private enum Term: Sendable {
        case exists(String), absent(String), equals(String, String), differs(String, String)
    }

    private let terms: [Term]

    package init(_ text: String) {
        terms = text.split(separator: ",").map { term in
            if let split = term.firstRange(of: "!=") {
                return .differs(String(term[..<split.lowerBound]), String(term[split.upperBound...]))
            }
            if let split = term.firstRange(of: "=") {
                return .equals(String(term[..<split.lowerBound]), String(term[split.upperBound...].drop { $0 == "=" }))
            }
            return term.first == "!" ? .absent(String(term.dropFirst())) : .exists(String(term))
        }
    }

    package func selects(_ object: JSONValue) -> Bool {
        let labels = object["metadata"]?["labels"]
        return terms.allSatisfy { term in
            switch term {
            case .exists(let key): labels?[key] != nil
            case .absent(let key): labels?[key] == nil
            case .equals(let key, let value): labels?[key]?.string == value
            case .differs(let key, let value): labels?[key]?.string != value
            }
        }
    }
}
