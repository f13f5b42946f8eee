import KubernetesModel
import ReportAPI

/// What a parameter says of its values beside their type and `enum`.
struct ParameterBounds {
    private let kind: ParameterSpec.Kind
    private let minimum: String?
    private let maximum: String?
    private let pattern: (text: String, compiled: TextPattern)?
    private let lengths: (least: Int, most: Int?)

    init(_ parameter: ParameterSpec) {
        kind = parameter.type
        minimum = parameter.minimum.flatMap { ParameterValue($0, kind: parameter.type)?.text }
        maximum = parameter.maximum.flatMap { ParameterValue($0, kind: parameter.type)?.text }
        pattern = parameter.pattern.flatMap { text in (try? TextPattern(text)).map { (text, $0) } }
        lengths = (parameter.minLength ?? 0, parameter.maxLength)
    }

    /// What is wrong with a value of the right type; nil where nothing is. `shown`: as messages show it.
    func fault(of text: String, shown: String) -> String? {
        if let minimum, kind.isAscending(text, below: minimum) {
            return "\(shown) is less than the minimum, \(minimum)"
        }
        if let maximum, kind.isAscending(maximum, below: text) {
            return "\(shown) is greater than the maximum, \(maximum)"
        }
        guard kind == .string else { return nil }
        if lengths.least > 0 || lengths.most != nil {
            let count = text.unicodeScalars.count
            if count < lengths.least {
                return "\(shown) has \(Self.characters(count)); at least \(lengths.least) are needed"
            }
            if let most = lengths.most, count > most {
                return "\(shown) has \(Self.characters(count)); at most \(most) are allowed"
            }
        }
        guard let pattern, !pattern.compiled.matches(text) else { return nil }
        let limit = TextPattern.maximumTextBytes
        guard text.utf8.count <= limit else {
            return "\(shown) is \(text.utf8.count) bytes long; with a pattern at most \(limit) are allowed"
        }
        return "\(shown) doesn't match \(pattern.text)"
    }

    private static func characters(_ count: Int) -> String { "\(count) character\(count == 1 ? "" : "s")" }

    /// What is wrong with the bounds themselves.
    static func faults(in parameter: ParameterSpec, at field: String) -> [String] {
        var faults: [String] = []
        for (name, bound) in [("minimum", parameter.minimum), ("maximum", parameter.maximum)] {
            guard let bound else { continue }
            if !parameter.type.hasOrder {
                faults.append(
                    "\(field).\(name): is for integer, number, date and month; this is a \(parameter.type.rawValue)")
            } else if ParameterValue(bound, kind: parameter.type) == nil {
                faults.append("\(field).\(name): \(bound.fault(as: parameter.type))")
            }
        }
        let bounds = ParameterBounds(parameter)
        if let minimum = bounds.minimum, let maximum = bounds.maximum,
            parameter.type.isAscending(maximum, below: minimum)
        {
            faults.append("\(field).minimum: \(minimum) is greater than the maximum, \(maximum)")
        }
        let forStrings = [
            ("pattern", parameter.pattern != nil), ("minLength", parameter.minLength != nil),
            ("maxLength", parameter.maxLength != nil),
        ]
        for (name, isGiven) in forStrings where isGiven && parameter.type != .string {
            faults.append("\(field).\(name): is for string; this is a \(parameter.type.rawValue)")
        }
        if let text = parameter.pattern {
            do throws(TextPattern.Fault) { _ = try TextPattern(text) } catch {
                faults.append("\(field).pattern: \(JSONValue.string(text).brief) \(error)")
            }
        }
        for (name, length) in [("minLength", parameter.minLength), ("maxLength", parameter.maxLength)] {
            if let length, !(0...maximumLength).contains(length) {
                faults.append("\(field).\(name): \(length) is out of bounds; allowed are 0 to \(maximumLength)")
            }
        }
        if let least = parameter.minLength, let most = parameter.maxLength, least > most {
            faults.append("\(field).minLength: \(least) is greater than maxLength, \(most)")
        }
        return faults
    }

    /// As all parameters together may have.
    static let maximumLength = ParameterCheck.maximumBytes
}

extension ParameterSpec.Kind {
    /// Whether one of its values may be less than another.
    var hasOrder: Bool {
        switch self {
        case .integer, .number, .date, .month: true
        case .string, .boolean: false
        }
    }

    /// Whether one is less than the other, both in their canonical texts.
    fileprivate func isAscending(_ one: String, below other: String) -> Bool {
        switch self {
        case .integer:
            guard let one = Int64(one), let other = Int64(other) else { return false }
            return one < other
        case .number:
            guard let one = Double(one), let other = Double(other) else { return false }
            return one < other
        // Their digits are in the order of their weight.
        case .date, .month: return one.utf8.lexicographicallyPrecedes(other.utf8)
        case .string, .boolean: return false
        }
    }
}
