public import AsyncSupport
public import KubernetesClient
public import Logging
public import PrometheusMetrics
public import ServiceLifecycle
import Synchronization

/// Notices when the API server answers nothing that it was asked: a process that hangs keeps its connections, and watches
/// in which nothing happens look the same.
///
/// Only requests count that are answered at once on a server that works, so not watches; a watch's answer ends a silence
/// like any other. While nothing is asked there is no silence, and nothing wakes up.
public final class ServerAnswers: RequestObserver, Service {
    /// How long a silence lasts before it is told.
    public static let patience: Duration = .seconds(20)

    private struct State {
        /// Requests that wait for their answer.
        var waiting = 0
        /// Since when nothing has been answered although something was asked.
        var since: Duration?
    }

    private let state = Mutex(State())
    private let signal = Signal()
    private let next: any RequestObserver
    private let clock: RuntimeClock
    private let logger: Logger

    /// `next` is told of everything too.
    public init(
        _ next: any RequestObserver, registry: MetricsRegistry, clock: RuntimeClock = .continuous, logger: Logger
    ) {
        self.next = next
        self.clock = clock
        self.logger = logger
        registry.gauge(
            "rest_client_silence_seconds",
            help: "How long the API server has answered nothing of what it was asked; 0 while it answers."
        ) { [weak self] in self.map { Double(($0.unanswered ?? .zero).components.seconds) } }
    }

    /// How long nothing has been answered, once that is longer than the patience; nil otherwise.
    public var silence: Duration? { unanswered.flatMap { $0 >= Self.patience ? $0 : nil } }

    private var unanswered: Duration? {
        let now = clock.now()
        return state.withLock { $0.since.map { now - $0 } }
    }

    // MARK: What the client tells

    public func requestStarted(verb: String, resource: String) {
        next.requestStarted(verb: verb, resource: resource)
        guard verb != "watch" else { return }
        let now = clock.now()
        let begins = state.withLock { state in
            state.waiting += 1
            defer { state.since = state.since ?? now }
            return state.since == nil
        }
        if begins { signal.raise() }
    }

    public func requestFinished(verb: String, resource: String, code: Int?, duration: Duration) {
        next.requestFinished(verb: verb, resource: resource, code: code, duration: duration)
        let now = clock.now()
        state.withLock { state in
            if verb != "watch" { state.waiting -= 1 }
            // One that timed out says nothing new.
            if code != nil { state.since = state.waiting > 0 ? now : nil }
        }
    }

    public func requestRetried(verb: String, resource: String, code: Int?) {
        next.requestRetried(verb: verb, resource: resource, code: code)
    }

    public func requestTransferred(verb: String, resource: String, sent: Int, received: Int) {
        next.requestTransferred(verb: verb, resource: resource, sent: sent, received: received)
    }

    // MARK: Telling

    public func run() async {
        await cancelWhenGracefulShutdown { [self] in
            var isTold = false
            while !Task.isCancelled {
                let unanswered = unanswered
                if isTold, (unanswered ?? .zero) < Self.patience {
                    isTold = false
                    logger.notice("The API server answers again")
                }
                guard let unanswered else {
                    await signal.wait()
                    continue
                }
                if !isTold, unanswered >= Self.patience {
                    isTold = true
                    logger.warning(
                        "The API server answers nothing",
                        metadata: [
                            "seconds": "\(unanswered.components.seconds)",
                            "advice":
                                "look whether it hangs or the network drops packets; nothing has to be restarted here",
                        ])
                }
                try? await clock.sleep(isTold ? .seconds(1) : Self.patience - unanswered)
            }
        }
    }
}
