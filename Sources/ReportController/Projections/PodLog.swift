import AsyncSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import ReportPlanning
import ReportRecords
import Synchronization

/// Where pods' logs are read: at the API server, which asks the pod's node.
protocol PodLogSource: Sendable {
    /// Hands on each line as it comes.
    func readLog(
        of pod: Pod, _ options: LogOptions, line take: @Sendable (String) -> Void
    ) async throws(KubernetesError)
}

extension KubernetesClient: PodLogSource {
    func readLog(
        of pod: Pod, _ options: LogOptions, line take: @Sendable (String) -> Void
    ) async throws(KubernetesError) {
        let stream = try await logs(pod: pod.metadata.name, namespace: pod.metadata.namespace, options: options)
        for try await line in stream { take(line) }
    }
}

/// Reads the end of what a stage's container has printed, in bounded memory and time.
struct PodLog: Sendable {
    /// What came of reading one.
    enum Outcome: Sendable {
        case read(Text)
        /// There is no log: nothing was started, or it has been cleared away.
        case none
        case failed(KubernetesError)
    }

    struct Text: Sendable {
        var lines: LastLines
        var end: End
        /// Whether all came that there was.
        var isWhole: Bool
    }

    /// Stands for the last line that came, with the moment it was written at: where it is another one, more was printed.
    struct End: Hashable, Sendable {
        private let hash: Int?

        /// Nil: nothing was printed.
        init(line: String?) { hash = line.map { Array($0.utf8).hashValue } }
    }

    /// How many lines are asked for at first. Most logs have no more, or hold enough bytes in these.
    private static let fewLines = 1000
    /// This many lines hold all the bytes that are kept, whatever they are.
    private static let manyLines = StageLog.limit

    let source: any PodLogSource
    /// How long one may be read. What has come by then is kept.
    var deadline = Duration.seconds(30)

    /// `isEnding`: whether the container runs yet and is being stopped, so that its last lines are still to come.
    func read(_ pod: Pod, isEnding: Bool) async -> Outcome {
        let few = await read(pod, lines: Self.fewLines, follow: isEnding)
        guard !isEnding, case .read(let text) = few, text.lines.lineCount >= Self.fewLines, !text.lines.isCut else {
            return few
        }
        return await read(pod, lines: Self.manyLines, follow: false)
    }

    /// Reads no more than where the log ends now.
    func readEnd(of pod: Pod) async -> Outcome { await read(pod, lines: 1, follow: false) }

    private func read(_ pod: Pod, lines: Int, follow: Bool) async -> Outcome {
        let reading = Reading()
        let error = await withTaskGroup(of: KubernetesError?.self) { group in
            group.addTask {
                let options = LogOptions(
                    container: StageJob.containerName, follow: follow, timestamps: true, tailLines: lines)
                let result = await Result(catching: { () async throws(KubernetesError) in
                    try await source.readLog(of: pod, options) { reading.take($0) }
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
        let text = Text(
            lines: read.lines, end: End(line: read.last),
            // Of one that is followed all has come that there was by then.
            isWhole: error == nil && (follow || !read.isOverdue))
        // A connection that breaks when the pod goes has brought what there was.
        if read.lines.lineCount > 0 { return .read(text) }
        if let error { return error.isNotFound || error.code == 400 ? .none : .failed(error) }
        return read.isRefused ? .none : .read(text)
    }

    /// What has come so far.
    final class Reading: Sendable {
        struct State {
            var lines = LastLines(limit: StageLog.limit)
            /// With the moment it was written at.
            var last: String?
            var isRefused = false
            var isOverdue = false
        }

        private let state = Mutex(State())

        var read: State { state.withLock { $0 } }

        /// Each line of a stage bears the moment it was written at; the kubelet's own words, such as that there is no log
        /// any more, do not.
        func take(_ line: String) {
            // By bytes: a search for a character costs the square of what a long run of accents is long.
            let space = line.utf8.prefix(64).firstIndex(of: UInt8(ascii: " "))
            state.withLock { state in
                if let space, Timestamp(String(line[..<space])) != nil {
                    state.lines.append(line[line.utf8.index(after: space)...])
                    state.last = line
                } else if line.utf8.count <= 64, Timestamp(line) != nil {
                    state.lines.append("")
                    state.last = line
                } else {
                    state.isRefused = true
                }
            }
        }

        func cut() {
            state.withLock { state in
                state.lines.markCut()
                state.isOverdue = true
            }
        }
    }
}
