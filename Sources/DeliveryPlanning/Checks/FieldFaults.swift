import KubernetesModel
import ReportLayout

/// Collects faults below one field, each with its place, the value and what is allowed.
struct FieldFaults {
    let field: String
    private(set) var messages: [String] = []

    init(at field: String) { self.field = field }

    mutating func add(_ place: String, _ what: String) { messages.append("\(field).\(place): \(what)") }

    /// `"value" is not …`, with a value of any length.
    mutating func refuse(_ value: String, _ place: String, _ expectation: String) {
        add(place, "\(Self.shown(value)) is not \(expectation)")
    }

    static func shown(_ value: String) -> String { "\"\(value.head(bytes: 80).onOneLine)\"" }

    /// Whether it is as long as it may be. One that isn't is looked at no further.
    mutating func length(_ text: String, _ place: String, upTo limit: Int) -> Bool {
        if text.isEmpty {
            add(place, "is empty; leave it out, or write something")
            return false
        }
        if text.utf8.count > 4 * limit || text.unicodeScalars.count > limit {
            add(place, "\(text.unicodeScalars.count) characters are given; at most \(limit) are allowed")
            return false
        }
        return true
    }

    mutating func objectName(_ name: String, _ place: String) {
        guard !NameForm.isSubdomain(name) else { return }
        refuse(name, place, "an object's name: lower-case letters, digits, dashes and dots, at most 253")
    }

    /// A text with placeholders. `parameters` are the pipeline's, nil where they aren't known.
    ///
    /// - Returns: the names of its placeholders; nil where it can't be read.
    @discardableResult
    mutating func template(
        _ text: String, _ place: String, upTo limit: Int, parameters: [String]?, oneLine: Bool = true
    ) -> [String]? {
        guard length(text, place, upTo: limit) else { return nil }
        if oneLine, text.utf8.contains(where: ASCII.isControl) {
            add(place, "\(Self.shown(text)) has a control character or more than one line; take it out")
        }
        do throws(PlaceholderText.Fault) {
            let names = try PlaceholderText(text).names
            for name in names where !isKnown(name, parameters) {
                let known = PlaceholderText.common + (parameters ?? [])
                let list = known.map { "{\($0)}" }.joined(separator: ", ") + (parameters == nil ? ", {parameter}" : "")
                add(
                    place,
                    "\(Self.shown("{\(name)}")) is unknown; allowed are \(list.head(bytes: 512)); write {{ for a brace")
            }
            return names
        } catch {
            add(place, error.description)
            return nil
        }
    }

    private func isKnown(_ name: String, _ parameters: [String]?) -> Bool {
        guard name.utf8.count <= 63 else { return false }
        if PlaceholderText.common.contains(name) { return true }
        if let parameters { return parameters.contains(name) }
        guard let first = name.utf8.first, ASCII.isLetter(first) else { return false }
        return name.utf8.allSatisfy { ASCII.isAlphanumeric($0) || "_-".utf8.contains($0) }
    }
}
