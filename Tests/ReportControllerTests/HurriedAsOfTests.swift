import AsyncSupport
import FoundationEssentials
import KubernetesModel
import ReportAPI
import Synchronization
import TestSupport
import Testing

@testable import ReportController

/// An event never waits long for when the source was read.
struct HurriedAsOfTests {
    private static let done = ReportRequest.fixture(uid: "r").status { $0.phase = .succeeded }
    private static let time = Timestamp.start.date

    @Test func isWhatIsAnsweredInTime() async {
        let asOf = HurriedAsOf(patience: .seconds(3600)) { requests in
            Dictionary(requests.map { ($0.metadata.uid, Self.time) }) { $1 }
        }
        #expect(await asOf.times(of: [Self.done]) == ["r": Self.time])
        #expect(await asOf.times(of: [Self.done]) == ["r": Self.time])
    }

    @Test func whatIsKnownOrNotOverIsNotAsked() async {
        let asked = Mutex(0)
        let asOf = HurriedAsOf { _ in
            asked.withLock { $0 += 1 }
            return [:]
        }
        let others = [
            ReportRequest.fixture(), Self.done.status { $0.phase = .failed }, Self.done.status { $0.asOf = .start },
        ]
        #expect(await asOf.times(of: others) == [:])
        #expect(asked.withLock { $0 } == 0)
    }

    @Test func faultIsNoAnswer() async {
        let asOf = HurriedAsOf(patience: .seconds(3600)) { _ in throw CancellationError() }
        #expect(await asOf.times(of: [Self.done]) == [:])
    }

    /// While MongoDB hangs each event would wait for it again.
    @Test func whoAsksWhileNothingIsAnsweredIsNotKeptWaiting() async throws {
        let gate = Gate()
        let asked = Mutex(0)
        let asOf = HurriedAsOf(patience: .milliseconds(20)) { _ in
            asked.withLock { $0 += 1 }
            try await gate.wait()
            return ["r": Self.time]
        }
        #expect(await asOf.times(of: [Self.done]) == [:])
        for _ in 0..<50 { #expect(await asOf.times(of: [Self.done]) == [:]) }
        #expect(asked.withLock { $0 } == 1)
        gate.open()
    }
}
