/// Why a text isn't what an archive's writer would have written, and where.
package struct ArchiveFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1 on; nil where it isn't a single line's fault.
    package var line: Int?
    package let message: String

    package init(line: Int? = nil, _ message: String) {
        self.line = line
        self.message = message
    }

    package var description: String { line.map { "line \($0): \(message)" } ?? message }
}
