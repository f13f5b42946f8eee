import KubernetesModel

/// Many faults in one message.
enum FaultList {
    private static let shownFaults = 20
    private static let messageBytes = 8192

    /// All faults, cut where a status would grow out of bounds.
    static func text(_ faults: [String]) -> String {
        let shown = faults.prefix(shownFaults).joined(separator: "; ")
        let text = faults.count > shownFaults ? "\(shown); and \(faults.count - shownFaults) more" : shown
        return text.head(bytes: messageBytes)
    }
}
