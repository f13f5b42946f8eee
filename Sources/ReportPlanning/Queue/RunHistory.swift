package import KubernetesModel

/// How long runs of each pipeline have taken.
package struct RunHistory: Sendable {
    package struct Median: Hashable, Sendable {
        package var seconds: Int64
        /// How many runs it is of.
        package var runs: Int
    }

    /// How many past runs count at the most.
    package static let length = 30

    private let medians: [ObjectKey: Median]

    /// `durations`: of runs that succeeded, in seconds, by pipeline; in any order.
    package init(_ durations: [ObjectKey: [Int64]] = [:]) {
        medians = durations.compactMapValues { durations in
            let sorted = durations.filter { $0 >= 0 }.sorted()
            guard !sorted.isEmpty else { return nil }
            let middle = sorted.count / 2
            let seconds =
                sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2
            return Median(seconds: seconds, runs: sorted.count)
        }
    }

    /// Nil without any run of it.
    package func median(of pipeline: ObjectKey) -> Median? { medians[pipeline] }
}
