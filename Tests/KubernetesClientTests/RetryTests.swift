import Foundation
import HTTPTransport
import KubernetesModel
import LoopbackSupport
import Testing

@testable import KubernetesClient

struct RetryTests {
    private typealias Reply = LoopbackServer.Reply

    private let manifest: JSONValue = .object([:])

    @Test(arguments: [429, 500, 503])
    func anyRequestComesBackWhenTheServerSaysWhen(code: Int) async throws {
        let server = LoopbackServer { _, number in
            number < 3 ? .status(code, "", headers: "Retry-After: 1\r\n") : .json(Widget.json("x"))
        }
        let pauses = Recorder<Duration>()
        let client = KubernetesClient.fixture(server, pauses: pauses)
        _ = try await client.create(Widget.self, manifest: manifest, namespace: "a")
        #expect(server.requests.count == 3)
        #expect(pauses.all.count == 2 && pauses.all.allSatisfy { (.seconds(1)...(.milliseconds(1250))).contains($0) })
    }

    @Test func withoutATimeToComeBackThereIsNoSecondAttempt() async throws {
        let server = LoopbackServer { _, _ in .status(503, "ServiceUnavailable") }
        let error = try #require(await failure(of: server) { try await $0.get(Widget.self, name: "x", namespace: "a") })
        #expect(error.code == 503 && error.isRetryable && !error.outcomeUnknown)
        #expect(server.requests.count == 1)
    }

    @Test func tenRepetitionsAreEnough() async throws {
        let server = LoopbackServer { _, _ in .status(429, "TooManyRequests", headers: "Retry-After: 0\r\n") }
        let error = try #require(await failure(of: server) { try await $0.get(Widget.self, name: "x", namespace: "a") })
        #expect(error.isTooManyRequests)
        #expect(server.requests.count == 11)
    }

    @Test func aPauseBeyondTheBudgetIsTheCallersToMake() async throws {
        let server = LoopbackServer { _, _ in .status(429, "TooManyRequests", headers: "Retry-After: 120\r\n") }
        let error = try #require(await failure(of: server) { try await $0.get(Widget.self, name: "x", namespace: "a") })
        #expect(error.retryAfter == .seconds(120))
        #expect(server.requests.count == 1)
    }

    /// What was lost three seconds before the answer; a refusal is none, and neither is a request that was cancelled.
    @Test func whatCouldNotBeReachedAndAnswersAgainHasComeBack() async throws {
        let server = LoopbackServer { _, number in
            switch number {
            case 1: nil
            case 2: .status(403, "Forbidden")
            default: .json(Widget.json("x"))
            }
        }
        let client = KubernetesClient.fixture(server)
        func create() async throws { _ = try await client.create(Widget.self, manifest: manifest, namespace: "a") }
        client.serverReturn.noteAbsence(at: .now - .seconds(9))
        for _ in 1...2 { await #expect(throws: KubernetesError.self) { try await create() } }
        #expect(client.serverReturn.count == 0)
        try await create()
        #expect(client.serverReturn.count == 1)
        try await create()
        #expect(client.serverReturn.count == 1)
        let cancelled = Task { try await create() }
        cancelled.cancel()
        _ = await cancelled.result
        try await create()
        #expect(client.serverReturn.count == 1)
    }

    @Test func aReadIsRepeatedAfterALostConnection() async throws {
        let server = LoopbackServer { _, number in number < 3 ? nil : .json(Widget.json("x")) }
        let pauses = Recorder<Duration>()
        _ = try await KubernetesClient.fixture(server, pauses: pauses).get(Widget.self, name: "x", namespace: "a")
        #expect(server.requests.count == 3)
        #expect(pauses.all.count == 2)
    }

    @Test func aWriteIsNotRepeatedAfterALostConnection() async throws {
        let server = LoopbackServer { _, _ in nil }
        let manifest = manifest
        let error = try #require(
            await failure(of: server) { try await $0.create(Widget.self, manifest: manifest, namespace: "a") })
        #expect(error.outcomeUnknown && error.isRetryable)
        #expect(server.requests.count == 1)
    }

    /// Half a minute of pauses may lie between two attempts, and the lease goes in less.
    @Test func aWriteThatIsTriedAgainAsksAgainWhetherItMay() async throws {
        let server = LoopbackServer { _, _ in .status(429, "TooManyRequests", headers: "Retry-After: 0\r\n") }
        let client = KubernetesClient.fixture(server).writing { server.requests.isEmpty }
        let manifest = manifest
        let error = try #require(
            await kubernetesError { try await client.create(Widget.self, manifest: manifest, namespace: "a") })
        #expect(error.isCancelled)
        #expect(server.requests.count == 1)
    }

    @Test func aRefusedConnectionLeavesNoDoubt() async throws {
        let server = LoopbackServer { _, _ in nil }
        let manifest = manifest
        let client = KubernetesClient.fixture(server) { $0.server = "http://127.0.0.1:1" }
        let error = try #require(
            await kubernetesError {
                try await client.create(Widget.self, manifest: manifest, namespace: "a")
            })
        #expect(!error.outcomeUnknown && error.isRetryable)
        #expect(error.description.hasPrefix("create widgets.example.org in a: "))
    }

    @Test func aTimeoutOfTheServerLeavesAWriteInDoubt() async throws {
        let server = LoopbackServer { _, _ in .status(504, "Timeout") }
        let manifest = manifest
        let error = try #require(
            await failure(of: server) { try await $0.create(Widget.self, manifest: manifest, namespace: "a") })
        #expect(error.outcomeUnknown && error.isRetryable)
    }

    @Test func aWatchIsNotRepeated() async throws {
        let server = LoopbackServer { _, _ in .status(429, "TooManyRequests", headers: "Retry-After: 1\r\n") }
        let error = try #require(await failure(of: server) { try await $0.watch(Widget.self, namespace: "a") })
        #expect(error.isTooManyRequests && error.retryAfter == .seconds(1))
        #expect(server.requests.count == 1)
    }

    @Test func cancellationIsToldAsSuch() async throws {
        let server = LoopbackServer { _, _ in Reply(pieces: [], hangs: true) }
        let client = KubernetesClient.fixture(server)
        let task = Task {
            await kubernetesError {
                try await client.get(Widget.self, name: "x", namespace: "a")
            }
        }
        try await eventually { server.requests.count == 1 }
        task.cancel()
        #expect(await task.value?.isCancelled == true)
    }

    @Test(
        arguments: [(Int, Duration, Double, Duration?)]([
            (1, Duration.zero, 0.0, Duration.milliseconds(100)), (4, .zero, 0, .milliseconds(800)), (5, .zero, 0, nil),
            (1, .seconds(30), 0, nil),
        ]))
    func pausesAfterALostConnectionGrowAndEnd(attempt: Int, waited: Duration, jitter: Double, expected: Duration?) {
        let pause = RetryPolicy().pause(
            after: .transport(.connectionLost), attempt: attempt, isWrite: false, waited: waited, jitter: jitter)
        #expect(pause == expected)
    }

    private func failure<Value>(
        of server: LoopbackServer, _ body: (KubernetesClient) async throws -> Value
    ) async -> KubernetesError? {
        let client = KubernetesClient.fixture(server)
        return await kubernetesError { try await body(client) }
    }
}
