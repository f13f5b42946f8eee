import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient

/// Watches every run of a namespace, or of all, until it is stopped.
struct AllRuns: Sendable {
    let session: Session
    /// Nil for all.
    let namespace: String?
    let terminal: Terminal

    private enum Heard: Sendable {
        case change(LiveList<ReportRequest>.Change)
        case tick
        case interrupted
    }

    func watch() async throws { try await session.explaining { try await watchOrFail() } }

    private func watchOrFail() async throws {
        let (events, sink) = AsyncThrowingStream.makeStream(of: Heard.self)
        let list = LiveList<ReportRequest>(session.cluster, namespace: namespace)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                do { try await list.run { sink.yield(.change($0)) } } catch is CancellationError {
                } catch { sink.finish(throwing: error) }
            }
            group.addTask { await Interruption.run { sink.yield(.interrupted) } }
            if terminal.isInteractive {
                group.addTask {
                    while true {
                        try await Task.sleep(for: .seconds(1))
                        sink.yield(.tick)
                    }
                }
            }
            var view = AllRunsView(terminal: terminal, showsNamespace: namespace == nil)
            var screen = LiveScreen(terminal)
            for try await heard in events {
                let now = Timestamp(Date.now)
                switch heard {
                case .change(.objects(let requests)):
                    let lines = view.see(requests, now: now)
                    if !terminal.isInteractive { lines.forEach { Out.line($0.rendered(color: false)) } }
                case .change(.lost(let message)):
                    Out.hint("the connection to the API server is lost, trying again (\(message))")
                case .change(.recovered): Out.hint("connected again")
                case .tick: break
                case .interrupted: throw ExitCode.interrupted
                }
                if terminal.isInteractive { screen.draw(view.frame(now: now)) }
            }
        }
    }
}

/// What is shown of all runs: a function of what is known and of the time.
struct AllRunsView: Sendable {
    let terminal: Terminal
    let showsNamespace: Bool
    private var requests: [ReportRequest] = []
    private var told: [String: String] = [:]
    private var hasBegun = false

    init(terminal: Terminal, showsNamespace: Bool) {
        self.terminal = terminal
        self.showsNamespace = showsNamespace
    }

    /// Lines for what is new; of what was over before, none.
    mutating func see(_ requests: [ReportRequest], now: Timestamp) -> [StyledText] {
        self.requests = requests
        defer { hasBegun = true }
        return requests.compactMap { request in
            let status = request.status
            let phase = status?.phase
            let text = [phase?.rawValue ?? "Created", status?.stage ?? ""].joined(separator: "  ")
            guard told.updateValue(text, forKey: request.metadata.uid) != text else { return nil }
            guard hasBegun || status?.isTerminal != true else { return nil }
            let detail = [status?.stage ?? "", status?.isTerminal == true ? status?.explanation?.firstLine ?? "" : ""]
            return StyledText(now.description) + "  " + StyledText(name(request)) + "  "
                + StyledText(phase?.rawValue ?? "Created", .of(phase)).padded(to: 10) + "  "
                + StyledText(detail.filter { !$0.isEmpty }.joined(separator: "  "))
        }
    }

    /// Those that aren't over, and the last ones that are, as far as a screen holds them.
    func frame(now: Timestamp) -> [StyledText] {
        let active = requests.filter { $0.status?.isTerminal != true }
        let over = requests.filter { $0.status?.isTerminal == true }
            .sorted { ($0.status?.completedAt?.seconds ?? 0) > ($1.status?.completedAt?.seconds ?? 0) }
        var table = TextTable("NAME", "PIPELINE", "PHASE", "STAGE", "DURATION", "AGE")
        for request in active.prefix(15) + over.prefix(5) {
            let status = request.status
            table.rows.append([
                StyledText(name(request)), StyledText(status?.pipelineName ?? ""),
                StyledText(status?.phase?.rawValue ?? "", .of(status?.phase)), StyledText(status?.stage ?? ""),
                StyledText(Moments.length(from: status?.startedAt, to: status?.completedAt, now: now)),
                StyledText(Moments.age(request.metadata.creationTimestamp, now: now)),
            ])
        }
        // Names may have 253 characters each; the phase stays on the screen.
        table.fit([0, 1, 3], to: terminal.width - 1)
        let more = active.count > 15 ? [StyledText("and \(active.count - 15) more that haven't finished", .faint)] : []
        return table.lines() + more
    }

    private func name(_ request: ReportRequest) -> String {
        showsNamespace ? request.metadata.key.description : request.metadata.name
    }
}
