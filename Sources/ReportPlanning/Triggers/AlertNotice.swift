/// What is reported of one alert.
package struct AlertNotice: Hashable, Sendable {
    package var fingerprint: String
    /// Else it has ended.
    package var isFiring: Bool
    package var labels: [String: String]
    package var annotations: [String: String]

    package init(
        fingerprint: String, isFiring: Bool = true, labels: [String: String] = [:], annotations: [String: String] = [:]
    ) {
        self.fingerprint = fingerprint
        self.isFiring = isFiring
        self.labels = labels
        self.annotations = annotations
    }
}
