import AsyncSupport
import KubernetesClient
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ServerReturnTests {
    let server = ServerReturn()

    @Test func anAnswerIsAReturnOnlyAfterAnAbsence() {
        let told = Atomic(0)
        server.addHandler { told.add(1, ordering: .relaxed) }
        server.noteAnswer()
        #expect(server.count == 0)
        for _ in 0..<3 { server.noteAbsence() }
        #expect(server.count == 0)
        for _ in 0..<3 { server.noteAnswer() }
        #expect(server.count == 1)
        server.noteAbsence()
        server.noteAnswer()
        #expect(server.count == 2)
        #expect(told.load(ordering: .relaxed) == 2)
    }

    @Test func whoWaitsGoesOnAtTheReturnOrWhenCancelled() async {
        // One that came before the wait began counts too.
        let before = server.count
        server.noteAbsence()
        server.noteAnswer()
        await server.wait(after: before)
        let waiting = Task { [server] in await server.wait(after: server.count) }
        waiting.cancel()
        await waiting.value
        let many = (0..<3).map { _ in Task { [server] in await server.wait(after: 1) } }
        server.noteAbsence()
        server.noteAnswer()
        for each in many { await each.value }
        #expect(server.count == 2)
    }
}
