import KubernetesClient
public import KubernetesModel
public import ReportAPI

/// Follows one run until it is over: hears of it, and does what `RunFollowing` says.
public struct RunFollower: Sendable {
    /// Whose logs are read, and where their lines go.
    public struct Logs: Sendable {
        let stage: String?
        let lines: @Sendable (Pod, ReportRequest) -> @Sendable (Substring) -> Void

        /// `stage`: nil for all. `lines`: gives for a pod's log what takes its lines.
        public init(
            stage: String?, lines: @escaping @Sendable (Pod, ReportRequest) -> @Sendable (Substring) -> Void
        ) {
            self.stage = stage
            self.lines = lines
        }
    }

    /// What is to be told of a run.
    public enum Change: Sendable {
        /// What the run is now.
        case run(ReportRequest)
        /// It is as it was, a second later.
        case second(ReportRequest)
        case note(RunFollowing.Note)
    }

    /// Calls what it is given when following is to end before the run does.
    public typealias Interruption = @Sendable (@Sendable () -> Void) async -> Void

    private typealias Heard = RunFollowing.Heard

    private let cluster: ReportCluster
    private let logs: Logs?
    private let tellsSeconds: Bool
    private let interruption: Interruption?

    /// `logs`: nil to read none. `tellsSeconds`: whether to tell of each second that passes.
    public init(
        _ cluster: ReportCluster, logs: Logs? = nil, tellsSeconds: Bool = false, interruption: Interruption? = nil
    ) {
        self.cluster = cluster
        self.logs = logs
        self.tellsSeconds = tellsSeconds
        self.interruption = interruption
    }

    /// `attempt`: ends of earlier ones don't count.
    public func follow(
        _ request: ReportRequest, attempt: Int, tell: (Change) -> Void
    ) async throws -> RunFollowing.Outcome {
        let (events, sink) = AsyncThrowingStream.makeStream(of: Heard.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            for source in sources(request, sink) {
                group.addTask {
                    do { try await source() } catch is CancellationError {} catch { sink.finish(throwing: error) }
                }
            }
            var following = RunFollowing(request, attempt: attempt, readsLogs: logs != nil, stage: logs?.stage)
            for try await heard in events {
                for action in following.hear(heard) {
                    switch action {
                    case .show(let request): tell(.run(request))
                    case .showAgain(let request): tell(.second(request))
                    case .note(let note): tell(.note(note))
                    case .read(let pod):
                        guard let logs else { continue }
                        let take = logs.lines(pod, following.request)
                        let tail = LogTail(cluster, pod: pod, follow: true)
                        group.addTask {
                            do {
                                let end = try await tail.run { take($0) }
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
            cluster, namespace: request.metadata.namespace, fieldSelector: "metadata.name=\(request.metadata.name)")
        var sources: [@Sendable () async throws -> Void] = [
            {
                try await requests.run { change in
                    switch change {
                    case .objects(let objects): sink.yield(.requests(objects))
                    case .lost(let message): sink.yield(.lost(message))
                    case .recovered: sink.yield(.recovered)
                    }
                }
            }
        ]
        if let interruption { sources.append { await interruption { sink.yield(.interrupted) } } }
        if tellsSeconds {
            sources.append {
                while true {
                    try await Task.sleep(for: .seconds(1))
                    sink.yield(.tick)
                }
            }
        }
        if logs != nil {
            let pods = podList(request)
            sources.append {
                try await pods.run { change in
                    // That the server is away is told of the requests.
                    if case .objects(let objects) = change { sink.yield(.pods(objects)) }
                }
            }
        }
        return sources
    }

    private func podList(_ request: ReportRequest) -> LiveList<Pod> {
        LiveList(
            cluster, namespace: request.metadata.namespace,
            labelSelector: "\(ReportsAPI.Label.requestUID)=\(request.metadata.uid)")
    }

    /// The first state of a list of its own, which a server that is away may take its time for.
    private func askForPods(_ pods: LiveList<Pod>, _ sink: AsyncThrowingStream<Heard, any Error>.Continuation) async {
        while !Task.isCancelled {
            let list = await Result { () async throws(KubernetesError) in
                try await cluster.client.listAll(
                    Pod.self, namespace: pods.namespace, labelSelector: pods.labelSelector
                ) { $0 }.kept
            }
            if case .success(let list) = list {
                sink.yield(.lastPods(list))
                return
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }
}

extension Result {
    /// As `Result(catching:)`, for an asynchronous body; `do` would lose the error's type.
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
