/// Names with what they stand for, one below the other and aligned.
struct FieldList: Sendable {
    private var fields: [(name: String, lines: [StyledText])] = []

    /// Nothing, where there is nothing to tell.
    mutating func add(_ name: String, _ value: StyledText?) { add(name, lines: value.map { [$0] } ?? []) }

    mutating func add(_ name: String, _ value: String?) { add(name, value.map { StyledText($0) }) }

    /// What takes several lines.
    mutating func add(_ name: String, lines: [StyledText]) {
        if !lines.isEmpty { fields.append((name, lines)) }
    }

    func lines() -> [StyledText] {
        let width = (fields.map(\.name.count).max() ?? 0) + 3
        return fields.flatMap { name, lines in
            lines.enumerated().map { index, line in
                StyledText(index == 0 ? "\(name):" : "").padded(to: width) + line
            }
        }
    }
}
