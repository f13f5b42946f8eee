import Foundation
import HTTPTransport
import KubernetesModel
import Logging
import LoopbackSupport
import Synchronization
import Testing

@testable import KubernetesClient

struct CredentialTests {
    private let folder = TemporaryFolder()
    private let logger = Logger(label: "test")

    /// A clock that is moved by hand.
    private final class Time: Sendable {
        private let offset = Mutex(Duration.zero)
        private let start = ContinuousClock.now

        var now: ContinuousClock.Instant { start + offset.withLock { $0 } }

        func pass(_ duration: Duration) { offset.withLock { $0 += duration } }
    }

    @Test(arguments: [
        (ClientConfiguration.Authentication.token(Secret("t")), "Bearer t"),
        (.basic(username: "jane", password: Secret("pä:ss")), "Basic amFuZTpww6Q6c3M="),
    ])
    func fixedCredentialsAreSent(authentication: ClientConfiguration.Authentication, expected: String) async throws {
        let server = LoopbackServer { _, _ in .json(Widget.json("x")) }
        let client = KubernetesClient.fixture(server) { $0.authentication = authentication }
        _ = try await client.get(Widget.self, name: "x", namespace: "a")
        #expect(server.requests.first?.header("Authorization") == expected)
    }

    @Test func aTokenFileIsReadAgainWithinAMinute() async throws {
        let time = Time()
        let path = folder.write("token", " one\n")
        let file = TokenFile(path: path, initial: nil, logger: logger) { time.now }
        #expect(try await file.current() == .bearer(Secret("one")))
        folder.write("token", "two")
        time.pass(.seconds(40))
        #expect(try await file.current() == .bearer(Secret("one")))
        time.pass(.seconds(11))
        #expect(try await file.current() == .bearer(Secret("two")))
    }

    @Test func theLastGoodTokenServesWhileTheFileDoesNot() async throws {
        let time = Time()
        let path = folder.write("token", "one")
        let file = TokenFile(path: path, initial: nil, logger: logger) { time.now }
        _ = try await file.current()
        try FileManager.default.removeItem(atPath: path)
        time.pass(.seconds(60))
        #expect(try await file.current() == .bearer(Secret("one")))
        folder.write("token", "\n")
        time.pass(.seconds(60))
        #expect(try await file.current() == .bearer(Secret("one")))
        folder.write("token", "two")
        time.pass(.seconds(11))
        #expect(try await file.current() == .bearer(Secret("two")))
    }

    @Test func aTokenFileThatNeverWasIsAnErrorUnlessThereIsAToken() async throws {
        let path = folder.path + "/none"
        await #expect(throws: CredentialError.self) {
            try await TokenFile(path: path, initial: nil, logger: logger).current()
        }
        let withInitial = TokenFile(path: path, initial: Secret("t"), logger: logger)
        #expect(try await withInitial.current() == .bearer(Secret("t")))
    }

    @Test func aRefusedTokenIsReadAgainOnce() async throws {
        let path = folder.write("token", "old")
        let folder = folder
        let server = LoopbackServer { request, _ in
            if request.header("Authorization") == "Bearer new" { return .json(Widget.json("x")) }
            folder.write("token", "new")
            return .status(401, "Unauthorized")
        }
        let client = KubernetesClient.fixture(server) { $0.authentication = .tokenFile(path, initial: nil) }
        _ = try await client.create(Widget.self, manifest: JSONValue.object([:]), namespace: "a")
        #expect(server.requests.map { $0.header("Authorization") } == ["Bearer old", "Bearer new"])
    }

    @Test func aRefusalStandsWhereThereIsNoOtherToken() async throws {
        let path = folder.write("token", "old")
        let server = LoopbackServer { _, _ in .status(401, "Unauthorized") }
        let client = KubernetesClient.fixture(server) { $0.authentication = .tokenFile(path, initial: nil) }
        let error = await kubernetesError { try await client.get(Widget.self, name: "x", namespace: "a") }
        #expect(error?.isUnauthorized == true)
        #expect(server.requests.count == 1)
    }

    @Test func replacedCertificateFilesAreNoticed() {
        let time = Time()
        let changes = Recorder<Bool>()
        let identity = TLSClientIdentity(
            certificate: .file(folder.write("crt", "1")), privateKey: .file(folder.write("key", "1")))
        let files = IdentityFiles(identity, now: { time.now }, changed: { changes.append(true) })
        folder.write("crt", "2")
        files?.check()
        #expect(changes.all.isEmpty)
        time.pass(.seconds(301))
        files?.check()
        files?.check()
        #expect(changes.all.count == 1)
        time.pass(.seconds(301))
        files?.check()
        #expect(changes.all.count == 1)
        #expect(IdentityFiles(nil, changed: {}) == nil)
    }
}
