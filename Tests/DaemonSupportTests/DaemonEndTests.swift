import DaemonSupport
import Logging
import ServiceLifecycle
import Testing

/// How a daemon ends when one of its services fails.
struct DaemonEndTests {
    private struct Failure: Error {}

    private struct Failing: Service {
        func run() async throws { throw Failure() }
    }

    /// It hears nothing of a shutdown in good order, as one that waits for a server that is gone.
    private struct Stubborn: Service {
        func run() async throws { try await Task.sleep(for: .seconds(3600)) }
    }

    /// It would hang else: neither at work nor started again.
    @Test(.timeLimit(.minutes(2))) func aServiceThatDoesNotEndIsCancelledAfterAWhile() async {
        await #expect(throws: Failure.self) {
            try await Daemon.run(
                [Stubborn(), Failing()], endingWith: nil,
                patience: Daemon.Patience(graceful: .milliseconds(50), cancelled: .seconds(60)),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }
    }

    /// A kubelet kills after `terminationGracePeriodSeconds`, 60 in the manifests; by then all is over.
    @Test func itsPatienceIsLessThanThatOfAKubelet() {
        let patience = Daemon.Patience()
        #expect(patience.graceful + patience.cancelled < .seconds(60))
    }
}
