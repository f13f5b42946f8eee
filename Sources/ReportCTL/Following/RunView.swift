import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient
import UnixSignals

/// Shows a run in a terminal or a pipe while it is followed.
struct RunView {
    enum Form: Sendable {
        /// Bars that are drawn again and again; for a terminal.
        case bars(expected: [String: Int64])
        /// A line for each thing that happens.
        case lines
        /// The lines on standard error, and the logs on standard output.
        case logs(stage: String?)
    }

    let form: Form
    let terminal: Terminal
    private var narrator: RunNarrator
    private var screen: LiveScreen

    private init(_ form: Form, attempt: Int, terminal: Terminal) {
        self.form = form
        self.terminal = terminal
        narrator = RunNarrator(attempt: attempt, clock: Self.clock(terminal))
        screen = LiveScreen(terminal)
    }

    /// Until the run is over, or Ctrl-C. `attempt`: ends of earlier ones don't count.
    static func follow(
        _ request: ReportRequest, attempt: Int, as form: Form, session: Session, terminal: Terminal
    ) async throws -> RunFollowing.Outcome {
        var view = RunView(form, attempt: attempt, terminal: terminal)
        let follower = RunFollower(
            session.cluster, logs: logs(form, terminal), tellsSeconds: form.isDrawn, interruption: Interruption.run)
        return try await session.explaining {
            try await follower.follow(request, attempt: attempt) { view.show($0, now: Timestamp(Date.now)) }
        }
    }

    private static func logs(_ form: Form, _ terminal: Terminal) -> RunFollower.Logs? {
        guard case .logs(let stage) = form else { return nil }
        return RunFollower.Logs(stage: stage) { pod, request in
            let printer = LogPrinter(pod, request, terminal: terminal, isAlone: stage != nil)
            return { printer.print($0) }
        }
    }

    static func clock(_ terminal: Terminal) -> @Sendable (Timestamp) -> String {
        // A file that is read tomorrow wants the day, and no zone to guess.
        guard terminal.isInteractive else { return { $0.description } }
        return { Moments.local.clock($0) }
    }

    private mutating func show(_ change: RunFollower.Change, now: Timestamp) {
        switch change {
        case .run(let request):
            narrator.lines(request, now: now).forEach(tell)
            draw(request, now)
        case .second(let request): draw(request, now)
        case .note(let note): Out.hint(Self.text(note))
        }
    }

    static func text(_ note: RunFollowing.Note) -> String {
        switch note {
        case .lost(let message):
            "the connection to the API server is lost, trying again; the run continues (\(message))"
        case .recovered: "connected again"
        case .logGone(let pod): "the log of pod \(pod) ends here: the container is gone"
        }
    }

    private mutating func draw(_ request: ReportRequest, _ now: Timestamp) {
        guard case .bars(let expected) = form else { return }
        screen.draw(ProgressView(expected: expected, terminal: terminal).lines(request, now: now))
    }

    private func tell(_ line: StyledText) {
        switch form {
        case .bars: break
        case .lines: Out.line(line.rendered(color: terminal.usesColor))
        case .logs: Out.hint(line, color: terminal.usesColor)
        }
    }
}

extension RunView.Form {
    fileprivate var isDrawn: Bool { if case .bars = self { true } else { false } }
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

/// Ctrl-C as an event: the run must not end with the command that watches it.
enum Interruption {
    static func run(_ tell: @Sendable () -> Void) async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { tell() }
    }

    /// Returns at the first.
    static func first() async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
    }
}
