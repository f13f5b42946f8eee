package import KubernetesModel
import NetworkAddresses

/// A query's parameters, taken one after the other by what an operation knows; `finish` refuses what is left, and all that
/// was wrong, at once.
///
/// For example:
///
///     var parameters = try QueryParameters(query)
///     namespace = parameters.name("namespace")
///     try parameters.finish()
package struct QueryParameters {
    private static let maximumBytes = 16 << 10
    private static let maximumCount = 100

    private var pairs: [(name: String, value: String)] = []
    private var known: [String] = []
    package private(set) var faults: [FieldError] = []

    /// `query`: what follows the question mark, nil without one.
    package init(_ query: String?) throws(Problem) {
        guard let query, !query.isEmpty else { return }
        guard query.utf8.count <= Self.maximumBytes else {
            throw .badRequest("the query has \(query.utf8.count) bytes; at most \(Self.maximumBytes) are allowed")
        }
        for part in query.utf8.split(separator: UInt8(ascii: "&")) {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let texts = sides.map { PercentEncoding.decoded(Substring($0), plusIsSpace: true) }
            guard let name = texts[0], let value = texts.count > 1 ? texts[1] : "" else {
                let shown = String(Substring(part)).head(bytes: 100)
                throw .badRequest([
                    FieldError("query", value: .string(shown), "is not percent-encoded UTF-8; write a % as %25")
                ])
            }
            pairs.append((name, value))
        }
        guard pairs.count <= Self.maximumCount else {
            throw .badRequest("the query has \(pairs.count) parameters; at most \(Self.maximumCount) are allowed")
        }
    }

    // MARK: Taking

    /// All values of that name.
    private mutating func takeAll(_ name: String) -> [String] {
        known.append(name)
        let values = pairs.filter { $0.name.isSame(as: name) }.map(\.value)
        pairs.removeAll { $0.name.isSame(as: name) }
        return values
    }

    private mutating func take(_ name: String) -> String? {
        let values = takeAll(name)
        if values.count > 1 { faults.append(FieldError(name, "is given \(values.count) times; give it once")) }
        return values.first
    }

    private mutating func refuse(_ name: String, _ value: String, _ expectation: String) {
        faults.append(
            FieldError(name, value: .string(value), "\(JSONValue.string(value).quoted) is not \(expectation)"))
    }

    private mutating func require<Value>(_ value: Value?, _ name: String, _ isRequired: Bool) -> Value? {
        if value == nil, isRequired, !faults.contains(where: { $0.field == name }) {
            faults.append(FieldError(name, "is required"))
        }
        return value
    }

    package mutating func text(
        _ name: String, lengths: ClosedRange<Int>, required: Bool = false
    ) -> String? {
        guard let value = require(take(name), name, required) else { return nil }
        guard lengths.contains(value.unicodeScalars.count) else {
            let count = value.unicodeScalars.count
            faults.append(
                FieldError(
                    name, value: .string(value),
                    "has \(count) characters; allowed are \(lengths.lowerBound) to \(lengths.upperBound)"))
            return nil
        }
        return value
    }

    /// Of an object of Kubernetes.
    package mutating func name(_ name: String, required: Bool = false) -> String? {
        guard let value = require(take(name), name, required) else { return nil }
        guard Names.isName(value) else {
            refuse(name, value, Names.nameExpectation)
            return nil
        }
        return value
    }

    package mutating func reportID(_ name: String) -> String? {
        guard let value = take(name) else { return nil }
        guard Names.isReportID(value) else {
            refuse(name, value, "a report's id")
            return nil
        }
        return value
    }

    package mutating func integer(_ name: String, _ bounds: ClosedRange<Int>) -> Int? {
        guard let value = take(name) else { return nil }
        let digits = value.utf8.first == UInt8(ascii: "-") ? value.utf8.dropFirst() : value.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int(value),
            bounds.contains(number)
        else {
            refuse(name, value, "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
            return nil
        }
        return number
    }

    package mutating func bool(_ name: String) -> Bool? {
        guard let value = take(name) else { return nil }
        switch value {
        case "true": return true
        case "false": return false
        default:
            refuse(name, value, "true or false")
            return nil
        }
    }

    package mutating func time(_ name: String, required: Bool = false) -> Timestamp? {
        guard let value = require(take(name), name, required) else { return nil }
        // A plus sign that wasn't encoded arrives as a space.
        let text = String(value.unicodeScalars.map { $0 == " " ? Character("+") : Character($0) })
        guard let time = Timestamp(text) else {
            refuse(name, value, "a moment such as 2026-10-31T06:00:00Z")
            return nil
        }
        return time
    }

    package mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        guard let value = take(name) else { return nil }
        return choice(name, value)
    }

    /// Several of them, each given by itself.
    package mutating func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ name: String, upTo limit: Int, _ type: Choice.Type = Choice.self
    ) -> [Choice] where Choice.RawValue == String {
        let values = takeAll(name)
        guard values.count <= limit else {
            faults.append(FieldError(name, "is given \(values.count) times; at most \(limit) are allowed"))
            return []
        }
        var chosen: [Choice] = []
        for value in values {
            if let choice: Choice = choice(name, value), !chosen.contains(choice) { chosen.append(choice) }
        }
        return chosen
    }

    private mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ value: String
    ) -> Choice? where Choice.RawValue == String {
        if let choice = Choice(rawValue: value) { return choice }
        refuse(name, value, "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    package mutating func cursor<Position: Cursor>(_ type: Position.Type = Position.self) -> Position? {
        guard let value = take("cursor") else { return nil }
        if let position = Position(text: value) { return position }
        refuse("cursor", value.head(bytes: 100), "what `next` of the page before said")
        return nil
    }

    /// `p[NAME]=VALUE`, each name once.
    package mutating func map(_ name: String, upTo limit: Int, valueLength: Int) -> [String: String] {
        known.append("\(name)[NAME]")
        let (begin, end) = (Array("\(name)[".utf8), Array("]".utf8))
        func key(_ text: String) -> String? {
            let utf8 = Array(text.utf8)
            guard utf8.count > begin.count + end.count, utf8.starts(with: begin), utf8.last == end[0] else {
                return nil
            }
            return String(decoding: utf8[begin.count..<utf8.count - 1], as: UTF8.self)
        }
        var values: [String: String] = [:]
        for (text, value) in pairs {
            guard let key = key(text) else { continue }
            if values.updateValue(value, forKey: key) != nil {
                faults.append(FieldError(text, "is given more than once; give it once"))
            }
            if value.unicodeScalars.count > valueLength {
                faults.append(FieldError(text, "has more than \(valueLength) characters"))
            }
        }
        pairs.removeAll { key($0.name) != nil }
        if values.count > limit {
            faults.append(FieldError(name, "has \(values.count) parameters; at most \(limit) are allowed"))
        }
        return values
    }

    // MARK: The end

    /// - Throws: a 400 that names each fault, and each parameter that nobody has taken.
    package func finish() throws(Problem) {
        let allowed = known.isEmpty ? "this takes none" : "allowed are \(known.joined(separator: ", "))"
        var unknown: [FieldError] = []
        for (name, _) in pairs where !unknown.contains(where: { $0.field.isSame(as: name) }) {
            unknown.append(FieldError(name.head(bytes: 100), "is not a parameter of this; \(allowed)"))
        }
        let all = faults + unknown
        if !all.isEmpty { throw .badRequest(all) }
    }
}

extension JSONValue {
    /// As a message shows it: cut, on one line, in quotes where it is a text.
    var quoted: String {
        let text = string ?? String(decoding: jsonText, as: UTF8.self)
        let plain = String(
            text.head(bytes: 80).unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
        return string == nil ? plain : "\"\(plain)\""
    }
}
