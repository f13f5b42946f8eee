/// What is wrong with an archive or its folder, for people.
package struct ArchiveTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// Each a sentence, which begins with the file that it is about.
    package let faults: [String]
    /// Whether it passes once another command has ended.
    package let isBusy: Bool

    package init(_ faults: [String]) {
        self.faults = faults
        isBusy = false
    }

    package init(_ fault: String, isBusy: Bool = false) {
        faults = [fault]
        self.isBusy = isBusy
    }

    package var description: String { faults.joined(separator: "\n") }
}
