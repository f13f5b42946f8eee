/// What is wrong with an archive or its folder, for people.
package struct ArchiveTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// Each a sentence, which begins with the file that it is about.
    package let faults: [String]

    package init(_ faults: [String]) { self.faults = faults }

    package init(_ fault: String) { faults = [fault] }

    package var description: String { faults.joined(separator: "\n") }
}
