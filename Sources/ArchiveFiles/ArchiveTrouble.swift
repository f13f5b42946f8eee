/// What is wrong with an archive or its folder, for people.
package struct ArchiveTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// Each a sentence, which begins with the file that it is about.
    package let faults: [String]
    /// Whether it passes by itself, such as once another command has ended.
    package let isBusy: Bool
    /// Whether a key is missing, or is another: then it is the same with each file, and said once.
    package let isOfKey: Bool

    package init(_ faults: [String]) {
        self.faults = faults
        isBusy = false
        isOfKey = false
    }

    package init(_ fault: String, isBusy: Bool = false, isOfKey: Bool = false) {
        faults = [fault]
        self.isBusy = isBusy
        self.isOfKey = isOfKey
    }

    package var description: String { faults.joined(separator: "\n") }
}
