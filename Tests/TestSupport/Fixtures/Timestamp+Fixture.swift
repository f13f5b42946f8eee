package import KubernetesModel

extension Timestamp {
    /// When every fixture begins.
    package static let start = Timestamp(seconds: 1_800_000_000)

    package func after(_ seconds: Int64) -> Timestamp { Timestamp(seconds: self.seconds + seconds) }
}
