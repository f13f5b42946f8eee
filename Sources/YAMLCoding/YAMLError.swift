/// YAML that can't be read, or not as what it should be.
package struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    /// Where, both counted from 1; nil for what isn't at one place.
    package let line: Int?
    package let column: Int?
    /// The field, such as `users[0].name`; empty where it is the syntax that is wrong.
    package let path: String

    package init(_ message: String, line: Int? = nil, column: Int? = nil, path: String = "") {
        self.message = message
        self.line = line
        self.column = column
        self.path = path
    }

    package var description: String {
        let place = line.map { "line \($0)\(column.map { ", column \($0)" } ?? "")" }
        return [place, path.isEmpty ? nil : path, message].compactMap { $0 }.joined(separator: ": ")
    }
}
