/// A label selector as Kubernetes writes it: equality-based (`a=b`, `a!=b`) and set-based (`a in (b,c)`, `a notin (b)`,
/// `a`, `!a`), joined by commas. All of it has to hold; an empty one selects everything.
public struct LabelSelector: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with a text, and what was expected.
    public struct Fault: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    private enum Requirement: Hashable {
        case present(String)
        case absent(String)
        case among(String, Set<String>)
        /// Also where there is no such label.
        case notAmong(String, Set<String>)
    }

    /// As it was written.
    public let description: String
    private let requirements: [Requirement]

    public init(_ text: String) throws(Fault) {
        description = text
        var reader = Reader(text)
        requirements = try reader.requirements()
    }

    public func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .present(let key): labels[key] != nil
            case .absent(let key): labels[key] == nil
            case .among(let key, let values): labels[key].map(values.contains) ?? false
            case .notAmong(let key, let values): !(labels[key].map(values.contains) ?? false)
            }
        }
    }

    /// Reads the grammar from left to right.
    private struct Reader {
        private var rest: [Substring]

        /// Cuts the text into words and signs; an operator of two signs is one.
        init(_ text: String) {
            var tokens: [Substring] = []
            var rest = text[...]
            while let first = rest.first {
                if first.isWhitespace {
                    rest.removeFirst()
                } else if let sign = ["==", "!=", "=", "!", "(", ")", ","].first(where: rest.hasPrefix) {
                    tokens.append(rest.prefix(sign.count))
                    rest.removeFirst(sign.count)
                } else {
                    let word = rest.prefix { !$0.isWhitespace && !"=!(),".contains($0) }
                    tokens.append(word)
                    rest = rest.dropFirst(word.count)
                }
            }
            self.rest = tokens
        }

        mutating func requirements() throws(Fault) -> [Requirement] {
            var found: [Requirement] = []
            guard !rest.isEmpty else { return found }
            repeat {
                found.append(try requirement())
            } while take(",")
            guard let next = rest.first else { return found }
            throw Fault(description: "\"\(next)\" isn't expected there; requirements are joined by commas")
        }

        private mutating func requirement() throws(Fault) -> Requirement {
            if take("!") { return .absent(try key()) }
            let key = try key()
            guard let sign = rest.first, sign != "," else { return .present(key) }
            rest.removeFirst()
            switch sign {
            case "=", "==": return .among(key, [try value()])
            case "!=": return .notAmong(key, [try value()])
            case "in": return .among(key, try values(after: sign))
            case "notin": return .notAmong(key, try values(after: sign))
            default:
                throw Fault(description: "\"\(sign)\" after \"\(key)\" is not one of =, ==, !=, in and notin")
            }
        }

        private mutating func key() throws(Fault) -> String {
            guard let word = rest.first, !"=!(),".contains(word.prefix(1)) else {
                throw Fault(description: "a label's key is missing before \(Self.quoted(rest.first))")
            }
            rest.removeFirst()
            guard NameForm.isLabelKey(String(word)) else {
                throw Fault(description: "\"\(word)\" is not a label's key, such as team or example.org/team")
            }
            return String(word)
        }

        /// An empty one is a value too.
        private mutating func value() throws(Fault) -> String {
            guard let word = rest.first, !"=!(),".contains(word.prefix(1)) else { return "" }
            rest.removeFirst()
            guard NameForm.isLabelValue(String(word)) else {
                throw Fault(
                    description: "\"\(word)\" is not a label's value: at most 63 letters, digits, -, _ and ., with a "
                        + "letter or digit at both ends")
            }
            return String(word)
        }

        private mutating func values(after sign: Substring) throws(Fault) -> Set<String> {
            guard take("(") else {
                throw Fault(description: "\(sign) is followed by \(Self.quoted(rest.first)), not by values in brackets")
            }
            var found: Set<String> = []
            repeat {
                found.insert(try value())
            } while take(",")
            guard take(")") else {
                throw Fault(description: "the bracket after \(sign) isn't closed before \(Self.quoted(rest.first))")
            }
            return found
        }

        private mutating func take(_ sign: Substring) -> Bool {
            guard rest.first == sign else { return false }
            rest.removeFirst()
            return true
        }

        private static func quoted(_ token: Substring?) -> String { token.map { "\"\($0)\"" } ?? "the end" }
    }
}
