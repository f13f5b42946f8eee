import HTTPTransport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import TestSupport
import Testing

@testable import ControllerRuntime

/// What a new leader asks before it acts, since its watch may be behind.
struct CatchUpTests {
    /// A server whose pages of that size are longer than what is read at once.
    private final class WideServer: APITransport {
        let server: InMemoryAPIServer
        let tooMany: [Int]
        let asked = Recorder<Int>()

        init(_ server: InMemoryAPIServer, tooMany: [Int]) {
            self.server = server
            self.tooMany = tooMany
        }

        func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            let limit = request.url.split(separator: "limit=").last.map { $0.prefix { $0.isNumber } } ?? ""
            asked.append(Int(limit) ?? 0)
            if tooMany.contains(Int(limit) ?? 0) {
                throw HTTPError(code: .bodyTooLarge, message: "the answer is too long", url: request.url)
            }
            return try await server.send(request)
        }

        func stream(_ request: HTTPRequest) async throws(HTTPError) -> HTTPStreamingResponse {
            try await server.stream(request)
        }

        func closeIdleConnections() {}

        func shutdown() {}
    }

    private let server = InMemoryAPIServer()
    private let store = Store<Job>()

    private func change(_ name: String) throws -> Job {
        try server.patch(Job.self, .job(name), .metadata(["labels": .strings(["changed": "yes"])]))
        return try job(name)
    }

    private func job(_ name: String) throws -> Job {
        try #require(server.find(Job.self, name, namespace: ObjectKey.job(name).namespace))
    }

    private func insert(_ names: String...) throws {
        for name in names { try server.insert(Job.named(name, version: 1)) }
    }

    private func catchUp(_ transport: any APITransport, pageSize: Int) async throws {
        let client = KubernetesClient(over: transport, userAgent: "tests", logger: .silent) {
            (_: Duration) throws(CancellationError) in
        }
        try await store.catchUp(with: ClientListerWatcher(client: client), pageSize: pageSize)
    }

    @Test func itTakesWhatIsNewerAndLeavesDeletionsToTheWatch() async throws {
        try insert("a", "b", "c")
        let (old, gone) = (try job("a"), try job("b"))
        store.replace(with: server.all(Job.self), resourceVersion: server.state.version)
        let told = Recorder<String>()
        store.addHandler { told.append($0.summary) }
        let before = told.all.count
        let new = try change("a")
        try server.delete(Job.self, .job("b"))
        try insert("d", "e")
        try await catchUp(server, pageSize: 2)
        let added = try ["d", "e"].map { "+\($0)@\(try job($0).metadata.resourceVersion)" }
        let version = { (job: Job) in job.metadata.resourceVersion }
        #expect(told.all[before...].sorted() == added + ["~a@\(version(old))>\(version(new))"])
        #expect(Set(store.all().map(\.metadata.name)) == ["a", "b", "c", "d", "e"])
        // The watch comes to it, and is no news but for what has gone.
        store.observe(new)
        store.observeDeletion(of: gone)
        #expect(told.all[before...].count == 4 && told.all.last == "-b@\(version(gone))")
    }

    @Test func whatWasWrittenSinceIsNotUndone() async throws {
        try insert("a")
        store.replace(with: server.all(Job.self), resourceVersion: server.state.version)
        var written = try change("a")
        written.metadata.resourceVersion = "\((Int(written.metadata.resourceVersion) ?? 0) + 1)"
        written.metadata.labels = ["written": "later"]
        store.record(written)
        try await catchUp(server, pageSize: 500)
        #expect(store.get(.job("a"))?.metadata.labels == ["written": "later"])
    }

    @Test func pagesThatAreTooLongAreAskedForInParts() async throws {
        store.replace(with: [Job](), resourceVersion: server.state.version)
        try insert("a", "b", "c", "d", "e")
        let wide = WideServer(server, tooMany: [8])
        try await catchUp(wide, pageSize: 8)
        #expect(store.count == 5)
        #expect(wide.asked.all == [8, 2, 2, 2])
    }

    @Test func oneObjectThatIsTooLongIsNoEndlessLoop() async throws {
        try insert("a")
        let wide = WideServer(server, tooMany: [8, 2, 1])
        let failure = await #expect(throws: KubernetesError.self) { try await catchUp(wide, pageSize: 8) }
        #expect(failure?.isAnswerTooLarge == true)
        #expect(wide.asked.all == [8, 2, 1])
    }
}
