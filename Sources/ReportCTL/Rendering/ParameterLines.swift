import KubernetesModel
import ReportLayout

/// Parameters for people: beside each other where they are few and short, else one a line.
enum ParameterLines {
    /// `width`: columns that there are for a line.
    static func lines(_ values: [String: String], width: Int) -> [StyledText] {
        let sorted = values.sorted { $0.key < $1.key }
        let line = sorted.map { "\($0.key)=\($0.value)" }.joined(separator: "  ")
        // Of a value with white space in it nobody could tell where it ends.
        let isClear = sorted.allSatisfy { !$0.value.contains(where: \.isWhitespace) }
        if sorted.count <= 4, isClear, line.cells <= width { return line.isEmpty ? [] : [StyledText(line)] }
        let names = sorted.map(\.key.count).max() ?? 0
        return sorted.map { name, value in StyledText(name).padded(to: names) + " = " + StyledText(value) }
    }

    static func text(_ value: JSONValue) -> String {
        value.string ?? String(decoding: value.jsonText, as: UTF8.self)
    }
}
