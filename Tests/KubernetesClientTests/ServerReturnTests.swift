import AsyncSupport
import KubernetesClient
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ServerReturnTests {
    let server = ServerReturn()
    let start = ContinuousClock.now

    /// After an absence that was long enough.
    func comeBack() {
        server.noteAbsence(at: start)
        server.noteAnswer(at: start + .seconds(5))
    }

    @Test func anAnswerIsAReturnOnlyAfterAnAbsence() {
        let told = Atomic(0)
        server.addHandler { told.add(1, ordering: .relaxed) }
        server.noteAnswer(at: start + .seconds(9))
        #expect(server.count == 0)
        for second in 10...12 { server.noteAbsence(at: start + .seconds(second)) }
        #expect(server.count == 0)
        for second in 13...15 { server.noteAnswer(at: start + .seconds(second)) }
        #expect(server.count == 1)
        server.noteAbsence(at: start + .seconds(20))
        server.noteAnswer(at: start + .seconds(80))
        #expect(server.count == 2)
        #expect(told.load(ordering: .relaxed) == 2)
    }

    /// It would bring forward everything that has failed, itself too.
    @Test func oneRequestThatIsLostBesideOthersThatAreAnsweredIsNoOutage() {
        for second in 0..<60 {
            server.noteAbsence(at: start + .seconds(second))
            server.noteAnswer(at: start + .milliseconds(second * 1000 + 900))
        }
        #expect(server.count == 0)
    }

    @Test func whoWaitsGoesOnAtTheReturnOrWhenCancelled() async {
        // One that came before the wait began counts too.
        let before = server.count
        comeBack()
        await server.wait(after: before)
        let waiting = Task { [server] in await server.wait(after: server.count) }
        waiting.cancel()
        await waiting.value
        let many = (0..<3).map { _ in Task { [server] in await server.wait(after: 1) } }
        comeBack()
        for each in many { await each.value }
        #expect(server.count == 2)
    }
}
