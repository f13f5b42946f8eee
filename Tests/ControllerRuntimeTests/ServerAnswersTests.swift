import KubernetesClient
import PrometheusMetrics
import Testing

@testable import ControllerRuntime

struct ServerAnswersTests {
    private struct Nobody: RequestObserver {
        func requestFinished(verb: String, resource: String, code: Int?, duration: Duration) {}
    }

    private let clock = ManualClock()
    private let registry = MetricsRegistry()
    private let log = LogLines()

    private func answers() -> ServerAnswers {
        ServerAnswers(Nobody(), registry: registry, clock: clock.runtimeClock, logger: log.logger)
    }

    @Test func twentySecondsWithoutAnAnswerAreASilence() {
        let answers = answers()
        answers.requestStarted(verb: "patch", resource: "leases")
        clock.advance(by: .seconds(19))
        #expect(answers.silence == nil)
        // It has timed out, and the next one isn't answered either.
        answers.requestFinished(verb: "patch", resource: "leases", code: nil, duration: .seconds(19))
        answers.requestStarted(verb: "get", resource: "leases")
        clock.advance(by: .seconds(1))
        #expect(answers.silence == .seconds(20))
        #expect(registry.render().contains("rest_client_silence_seconds 20\n"))
        answers.requestFinished(verb: "get", resource: "leases", code: 500, duration: .seconds(1))
        #expect(answers.silence == nil, "any answer is one")
        #expect(registry.render().contains("rest_client_silence_seconds 0\n"))
    }

    /// What is asked of nobody is answered by nobody, and a watch in which nothing happens is silent.
    @Test func nothingIsSilentWhileNothingIsAsked() {
        let answers = answers()
        answers.requestStarted(verb: "get", resource: "pods")
        answers.requestFinished(verb: "get", resource: "pods", code: 200, duration: .zero)
        answers.requestStarted(verb: "watch", resource: "pods")
        clock.advance(by: .seconds(600))
        #expect(answers.silence == nil)
    }

    @Test func anAnswerToAnotherRequestCounts() {
        let answers = answers()
        answers.requestStarted(verb: "list", resource: "pods")
        clock.advance(by: .seconds(15))
        answers.requestStarted(verb: "get", resource: "jobs")
        answers.requestFinished(verb: "get", resource: "jobs", code: 404, duration: .zero)
        clock.advance(by: .seconds(15))
        #expect(answers.silence == nil, "a large list takes its time")
    }

    @Test func itIsToldOnceAndSoIsItsEnd() async throws {
        let answers = answers()
        await withTaskGroup { group in
            group.addTask { await answers.run() }
            answers.requestStarted(verb: "get", resource: "jobs")
            await clock.sleeps.wait { $0.contains(.seconds(20)) }
            clock.advance(by: .seconds(20))
            await log.lines.wait { $0.contains { $0.contains("answers nothing") } }
            await clock.sleeps.wait { $0.contains(.seconds(1)) }
            answers.requestFinished(verb: "get", resource: "jobs", code: 200, duration: .seconds(20))
            clock.advance(by: .seconds(1))
            await log.lines.wait { $0.contains { $0.contains("answers again") } }
            group.cancelAll()
        }
        #expect(log.lines.entries.count { $0.contains("answers nothing") } == 1)
    }
}
