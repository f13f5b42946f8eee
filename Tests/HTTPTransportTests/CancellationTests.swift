import FoundationEssentials
import Glibc
import HTTPTransport
import LoopbackSupport
import Testing

@Suite(.serialized) struct CancellationTests {
    let transport = HTTPTransport.fixture()
    let isRequested = Flag()
    let isClosed = Flag()

    /// Takes one request, begins to answer if it is to, and waits for the client to close.
    private func server(answering isAnswering: Bool) -> LoopbackListener {
        LoopbackListener { [isRequested, isClosed] connection in
            guard connection.readRequest() != nil else { return }
            if isAnswering {
                connection.startChunked()
                connection.writeChunk("first")
            }
            isRequested.raise()
            if connection.waitForClose() { isClosed.raise() }
        }
    }

    @Test func cancelledRequestClosesItsConnection() async throws {
        let server = server(answering: false)
        let task = Task { await transport.failure(of: .get(server.url)) }
        try await eventually { isRequested.isRaised }
        task.cancel()
        let error = try #require(await task.value)
        #expect(error.code == .cancelled)
        #expect(error.mayHaveReachedServer)
        try await eventually { isClosed.isRaised }
    }

    @Test func requestOfACancelledTaskIsNotSent() async throws {
        let server = server(answering: false)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await transport.failure(of: .get(server.url))
        }
        task.cancel()
        let error = try #require(await task.value)
        #expect(error.code == .cancelled)
        #expect(!error.mayHaveReachedServer)
        #expect(server.connectionCount == 0)
    }

    @Test func streamCancelledBeforeItsHeadClosesItsConnection() async throws {
        let server = server(answering: false)
        let task = Task { () async -> HTTPError.Code? in
            do {
                _ = try await transport.stream(.get(server.url))
                return nil
            } catch {
                return (error as? HTTPError)?.code
            }
        }
        try await eventually { isRequested.isRaised }
        task.cancel()
        #expect(await task.value == .cancelled)
        try await eventually { isClosed.isRaised }
    }

    @Test func cancelledStreamClosesItsConnection() async throws {
        let server = server(answering: true)
        let hasFirst = Flag()
        let task = Task { () async throws -> HTTPError.Code? in
            var body = try await transport.stream(.get(server.url)).body.makeAsyncIterator()
            do {
                while try await body.next() != nil { hasFirst.raise() }
                return nil
            } catch {
                return (error as? HTTPError)?.code
            }
        }
        try await eventually { hasFirst.isRaised }
        #expect(!isClosed.isRaised)
        task.cancel()
        #expect(try await task.value == .cancelled)
        try await eventually { isClosed.isRaised }
    }

    @Test func droppedIteratorClosesItsConnection() async throws {
        let server = server(answering: true)
        let response = try await transport.stream(.get(server.url))
        for try await chunk in response.body {
            #expect(chunk == Data("first".utf8))
            break
        }
        try await eventually { isClosed.isRaised }
        // The response is still here: it was the iterator that ended the transfer.
        #expect(response.status == 200)
    }

    @Test func droppedResponseClosesItsConnection() async throws {
        let server = server(answering: true)
        _ = try await transport.stream(.get(server.url))
        try await eventually { isClosed.isRaised }
    }

    @Test func cancellingWhileItConnectsEndsAtOnce() async throws {
        // A server that accepts no more: the backlog is full, so connecting hangs.
        let listener = FullListener()
        let task = Task { await transport.failure(of: .get(listener.url)) }
        try await eventually { listener.hasCallers }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        withExtendedLifetime(listener) {}
    }

    @Test func cancellationsAtAnyMomentLeaveTheTransportSound() async throws {
        let server = LoopbackListener(body: "x")
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<300 {
                let task = Task { try await transport.send(.get(server.url)).text }
                group.addTask {
                    for _ in 0..<(number % 30) { await Task.yield() }
                    task.cancel()
                    _ = await task.result
                }
            }
        }
        #expect(try await transport.send(.get(server.url)).text == "x")
    }

    @Test func shutdownFailsWhatIsInFlight() async throws {
        let server = server(answering: true)
        let silent = LoopbackListener { _ = $0.readRequest() == nil ? false : $0.waitForClose() }
        let response = try await transport.stream(.get(server.url))
        let task = Task { await transport.failure(of: .get(silent.url)) }
        try await eventually { isRequested.isRaised && silent.openCount == 1 }
        transport.shutdown()
        transport.shutdown()
        #expect(await task.value?.code == .shutdown)
        let body = await response.body.collect()
        #expect(body.error?.code == .shutdown)
        try await eventually { isClosed.isRaised }
        #expect(await transport.failure(of: .get(server.url))?.code == .shutdown)
    }

    @Test func releasedTransportClosesItsConnections() async throws {
        let server = LoopbackListener(body: "x")
        do {
            let shortLived = HTTPTransport.fixture()
            _ = try await shortLived.send(.get(server.url))
            #expect(server.openCount == 1)
        }
        try await eventually { server.openCount == 0 }
    }

    @Test func idleConnectionsAreClosedOnDemandAndThoseInUseAfterwards() async throws {
        let mayEnd = Flag()
        let server = LoopbackListener { connection in
            while let request = connection.readRequest() {
                guard request.line.contains("slow") else {
                    connection.respond("x")
                    continue
                }
                connection.startChunked()
                while !mayEnd.isRaised { usleep(1000) }
                connection.write("0\r\n\r\n")
            }
        }
        let streaming = try await transport.stream(.get(server.url + "slow"))
        _ = try await transport.send(.get(server.url))
        #expect(server.openCount == 2)
        transport.closeIdleConnections()
        try await eventually { server.openCount == 1 }
        mayEnd.raise()
        #expect(await streaming.body.collect().error == nil)
        try await eventually { server.openCount == 0 }
        #expect(try await transport.send(.get(server.url)).text == "x")
        #expect(server.connectionCount == 3)
    }
}
