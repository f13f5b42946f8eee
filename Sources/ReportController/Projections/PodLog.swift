import AsyncSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import ReportPlanning
import ReportRecords
import Synchronization

/// Reads the end of what a stage's container has printed, in bounded memory and time.
struct PodLog: Sendable {
    /// What came of reading one.
    enum Outcome: Sendable {
        case read(LastLines)
        /// There is no log: nothing was started, or it has been cleared away.
        case none
        case failed(KubernetesError)
    }

    /// How many lines are asked for at first. Most logs have no more, or hold enough bytes in so many.
    private static let fewLines = 1000
    /// So many lines hold all the bytes that are kept, whatever they are.
    private static let manyLines = StageLog.limit

    let client: KubernetesClient
    /// How long one may be read. What has come by then is kept.
    var deadline = Duration.seconds(30)

    /// `isEnding`: whether the container runs yet and is being stopped, so that its last lines are still to come.
    func read(_ pod: Pod, isEnding: Bool) async -> Outcome {
        let few = await read(pod, lines: Self.fewLines, follow: isEnding)
        guard !isEnding, case .read(let lines) = few, lines.lineCount >= Self.fewLines, !lines.isCut else { return few }
        return await read(pod, lines: Self.manyLines, follow: false)
    }

    private func read(_ pod: Pod, lines: Int, follow: Bool) async -> Outcome {
        let reading = Reading()
        let error = await withTaskGroup(of: KubernetesError?.self) { group in
            group.addTask {
                let result = await Result(catching: { () async throws(KubernetesError) in
                    try await fill(reading, from: pod, lines: lines, follow: follow)
                })
                if case .failure(let error) = result { return error }
                return nil
            }
            group.addTask {
                if (try? await Task.sleep(for: deadline)) != nil { reading.cut() }
                return nil
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? nil
        }
        let read = reading.read
        // A connection that breaks when the pod goes has brought what there was.
        if read.lines.lineCount > 0 { return .read(read.lines) }
        if let error { return error.isNotFound || error.code == 400 ? .none : .failed(error) }
        return read.isRefused ? .none : .read(read.lines)
    }

    private func fill(
        _ reading: Reading, from pod: Pod, lines: Int, follow: Bool
    ) async throws(KubernetesError) {
        let stream = try await client.logs(
            pod: pod.metadata.name, namespace: pod.metadata.namespace,
            options: LogOptions(
                container: StageJob.containerName, follow: follow, timestamps: true, tailLines: lines))
        for try await line in stream { reading.take(line) }
    }

    /// What has come so far.
    private final class Reading: Sendable {
        private struct State {
            var lines = LastLines(limit: StageLog.limit)
            var isRefused = false
        }

        private let state = Mutex(State())

        var read: (lines: LastLines, isRefused: Bool) { state.withLock { ($0.lines, $0.isRefused) } }

        /// Each line of a stage bears the moment it was written at; the kubelet's own words, such as that there is no log
        /// any more, do not.
        func take(_ line: String) {
            state.withLock { state in
                if let end = line.firstIndex(of: " "), Timestamp(String(line[..<end])) != nil {
                    state.lines.append(line[line.index(after: end)...])
                } else if Timestamp(line) != nil {
                    state.lines.append("")
                } else {
                    state.isRefused = true
                }
            }
        }

        func cut() { state.withLock { $0.lines.markCut() } }
    }
}
