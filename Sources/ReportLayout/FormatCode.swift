/// A number-format code of Excel's, read once.
package struct FormatCode: Hashable, Sendable {
    /// What is wrong with a code, in a sentence.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// As the layout has it.
    package let text: String

    package init(_ text: String) throws(Fault) {
        self.text = text
    }
}
