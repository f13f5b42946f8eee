/// Names with what they stand for, one below the other and aligned.
struct FieldList: Sendable {
    private enum Value {
        case lines([StyledText])
        case parameters([String: String])
    }

    private var fields: [(name: String, value: Value)] = []

    /// Nothing, where there is nothing to tell.
    mutating func add(_ name: String, _ value: StyledText?) { add(name, lines: value.map { [$0] } ?? []) }

    mutating func add(_ name: String, _ value: String?) { add(name, value.map { StyledText($0) }) }

    /// What takes several lines.
    mutating func add(_ name: String, lines: [StyledText]) {
        if !lines.isEmpty { fields.append((name, .lines(lines))) }
    }

    /// What takes one line or several, as there is room.
    mutating func add(_ name: String, parameters: [String: String]) {
        if !parameters.isEmpty { fields.append((name, .parameters(parameters))) }
    }

    /// `width`: columns that there are.
    func lines(width: Int) -> [StyledText] {
        let indent = (fields.map(\.name.count).max() ?? 0) + 3
        return fields.flatMap { name, value in
            let lines =
                switch value {
                case .lines(let lines): lines
                case .parameters(let values): ParameterLines.lines(values, width: width - indent)
                }
            return lines.enumerated().map { index, line in
                StyledText(index == 0 ? "\(name):" : "").padded(to: indent) + line
            }
        }
    }
}
