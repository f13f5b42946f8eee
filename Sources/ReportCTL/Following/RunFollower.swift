import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportPlanning

/// Follows one run until it is over: hears of it, and does what `RunFollowing` says.
struct RunFollower: Sendable {
    enum View: Sendable {
        /// Bars that are drawn again and again; for a terminal.
        case bars(expected: [String: Int64])
        /// A line for each thing that happens.
        case lines
        /// The lines on standard error, and the logs on standard output.
        case logs(stage: String?)
    }

    let session: Session
    let view: View
    let terminal: Terminal

    private typealias Heard = RunFollowing.Heard

    /// `attempt`: ends of earlier ones don't count.
    func follow(_ request: ReportRequest, attempt: Int) async throws -> RunFollowing.Outcome {
        let (events, sink) = AsyncThrowingStream.makeStream(of: Heard.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            for source in sources(request, sink) {
                group.addTask {
                    do { try await source() } catch is CancellationError {} catch { sink.finish(throwing: error) }
                }
            }
            var following = RunFollowing(
                request, attempt: attempt, readsLogs: logStage.reads, stage: logStage.name, clock: clock)
            var screen = LiveScreen(terminal)
            for try await heard in events {
                for action in following.hear(heard, now: Timestamp(Date.now)) {
                    switch action {
                    case .draw(let request): draw(request, &screen)
                    case .tell(let line): tell(line)
                    case .note(let text): Out.hint(text)
                    case .read(let pod):
                        let printer = LogPrinter(
                            pod, following.request, terminal: terminal, isAlone: logStage.name != nil)
                        let tail = LogTail(
                            session: session, pod: pod, container: StageJob.containerName, follow: true)
                        group.addTask {
                            do {
                                let end = try await tail.run { printer.print($0) }
                                sink.yield(.logEnded(pod: pod.metadata.name, end))
                            } catch is CancellationError {
                            } catch { sink.finish(throwing: error) }
                        }
                    case .askForLastPods:
                        let pods = podList(following.request)
                        group.addTask { await askForPods(pods, sink) }
                    case .end(let outcome): return outcome
                    }
                }
            }
            return .interrupted
        }
    }

    private func sources(
        _ request: ReportRequest, _ sink: AsyncThrowingStream<Heard, any Error>.Continuation
    ) -> [@Sendable () async throws -> Void] {
        let requests = LiveList<ReportRequest>(
            session: session, namespace: request.metadata.namespace,
            fieldSelector: "metadata.name=\(request.metadata.name)")
        var sources: [@Sendable () async throws -> Void] = [
            {
                try await requests.run { change in
                    switch change {
                    case .objects(let objects): sink.yield(.requests(objects))
                    case .lost(let message): sink.yield(.lost(message))
                    case .recovered: sink.yield(.recovered)
                    }
                }
            },
            { await Interruption.run { sink.yield(.interrupted) } },
        ]
        switch view {
        case .bars:
            sources.append {
                while true {
                    try await Task.sleep(for: .seconds(1))
                    sink.yield(.tick)
                }
            }
        case .logs:
            let pods = podList(request)
            sources.append {
                try await pods.run { change in
                    // That the server is away is told of the requests.
                    if case .objects(let objects) = change { sink.yield(.pods(objects)) }
                }
            }
        case .lines: break
        }
        return sources
    }

    private func podList(_ request: ReportRequest) -> LiveList<Pod> {
        LiveList(
            session: session, namespace: request.metadata.namespace,
            labelSelector: "\(ReportsAPI.Label.requestUID)=\(request.metadata.uid)")
    }

    /// The first state of a list of its own, which a server that is away may take its time for.
    private func askForPods(_ pods: LiveList<Pod>, _ sink: AsyncThrowingStream<Heard, any Error>.Continuation) async {
        while !Task.isCancelled {
            let list = await Result { () async throws(KubernetesError) in
                try await session.client.list(
                    Pod.self, namespace: pods.namespace, options: ListOptions(labelSelector: pods.labelSelector))
            }
            if case .success(let list) = list {
                sink.yield(.lastPods(list.items))
                return
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    private var logStage: (reads: Bool, name: String?) {
        if case .logs(let stage) = view { (true, stage) } else { (false, nil) }
    }

    var clock: @Sendable (Timestamp) -> String {
        // A file that is read tomorrow wants the day, and no zone to guess.
        guard terminal.isInteractive else { return { $0.description } }
        return { Moments.local.clock($0) }
    }

    private func draw(_ request: ReportRequest, _ screen: inout LiveScreen) {
        guard case .bars(let expected) = view else { return }
        let progress = ProgressView(expected: expected, terminal: terminal)
        screen.draw(progress.lines(request, now: Timestamp(Date.now)))
    }

    private func tell(_ line: StyledText) {
        switch view {
        case .bars: break
        case .lines: Out.line(line.rendered(color: terminal.usesColor))
        case .logs: Out.hint(line, color: terminal.usesColor)
        }
    }
}

extension Result {
    /// As `Result(catching:)`, for an asynchronous body; `do` would lose the error's type.
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// Prints lines of a log, with their stage's name where there are several.
struct LogPrinter: Sendable {
    private let prefix: String

    init(_ pod: Pod, _ request: ReportRequest, terminal: Terminal, isAlone: Bool) {
        let stages = request.status?.stages ?? []
        guard !isAlone, stages.count > 1 else {
            prefix = ""
            return
        }
        let name = pod.metadata.labels[ReportsAPI.Label.stage] ?? ""
        let width = stages.map(\.name.count).max() ?? 0
        prefix = (StyledText(name, .active).padded(to: width) + " | ").rendered(color: terminal.usesColor) + " "
    }

    func print(_ line: Substring) { Out.line(prefix + line) }
}
