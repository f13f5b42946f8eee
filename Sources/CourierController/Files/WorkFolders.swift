import FoundationEssentials

/// Where in its work folder the courier has what.
package struct WorkFolders: Sendable {
    /// Rows and files while they are made.
    package let making: String
    /// Files while they are sent.
    let deliveries: String

    package init(_ workFolder: String) {
        making = workFolder + "/report-courier-making"
        deliveries = workFolder + "/report-courier-deliveries"
    }

    /// Removes what a process before this one has left.
    func clear() {
        for folder in [making, deliveries] { try? FileManager.default.removeItem(atPath: folder) }
    }
}
