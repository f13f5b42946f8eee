import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportClient

struct RunFollowingTests {
    /// Actions in words, without drawing and telling.
    private func words(_ actions: [RunFollowing.Action]) -> [String] {
        actions.compactMap { action in
            switch action {
            case .show, .showAgain: nil
            case .note(.logGone(let pod)): "note gone \(pod)"
            case .note(let note): "note \(note)"
            case .read(let pod): "read \(pod.metadata.name)"
            case .askForLastPods: "ask"
            case .end(.finished(let status, let isGoing)):
                "end \(status.phase?.rawValue ?? "")\(isGoing ? ", going" : "")"
            case .end(.deleted): "end deleted"
            case .end(.interrupted): "end interrupted"
            }
        }
    }

    private let running = ReportRequest.fixture(.chain("extract", "load")).running("extract")

    private func following(
        _ request: ReportRequest, attempt: Int = 1, logs: Bool = false, stage: String? = nil
    ) -> RunFollowing {
        RunFollowing(request, attempt: attempt, readsLogs: logs, stage: stage)
    }

    @Test func itEndsWithTheRun() {
        var following = following(running)
        #expect(words(following.hear(.requests([running]))).isEmpty)
        let ended = running.ended(.failed)
        #expect(words(following.hear(.requests([ended]))) == ["end Failed"])
        #expect(following.hear(.tick).isEmpty)
    }

    @Test func theEndOfAnEarlierAttemptIsNoEnd() {
        let failed = running.ended(.failed).attempt(2)
        var following = following(failed, attempt: 2)
        #expect(words(following.hear(.requests([failed]))).isEmpty)
        let again = failed.status {
            $0.attempt = 2
            $0.phase = .cancelled
        }
        #expect(words(following.hear(.requests([again]))) == ["end Cancelled"])
    }

    @Test func aRequestThatSucceededIsOverWhateverAttemptIsAskedFor() {
        var following = following(running, attempt: 2)
        #expect(words(following.hear(.requests([running.ended(.succeeded)]))) == ["end Succeeded"])
    }

    /// It is run again where its attempt is raised, though its status came along and says that it succeeded.
    @Test func aRestoredCopyThatIsRetriedIsNotOverBeforeItHasRun() {
        let copy = running.ended(.succeeded).status { $0.reason = Reason.restored }
        var following = following(copy.attempt(2), attempt: 2)
        #expect(words(following.hear(.requests([copy.attempt(2)]))).isEmpty)
        let again = running.ended(.succeeded).status { $0.attempt = 2 }
        #expect(words(following.hear(.requests([again]))) == ["end Succeeded"])
        var watching = self.following(copy)
        #expect(words(watching.hear(.requests([copy]))) == ["end Succeeded"])
    }

    @Test func anotherOfTheSameNameIsNotTheRun() {
        var following = following(running)
        let other = running.with { $0.metadata.uid = "another" }.ended(.succeeded)
        #expect(words(following.hear(.requests([other]))) == ["end deleted"])
    }

    @Test func aRequestThatIsDeletedAtItsEndEndsAsItDid() {
        var following = following(running, logs: true)
        #expect(words(following.hear(.requests([running.ended(.succeeded)]))) == ["ask"])
        #expect(words(following.hear(.requests([]))).isEmpty)
        #expect(words(following.hear(.lastPods([]))) == ["end Succeeded"])
    }

    @Test(arguments: [false, true])
    func aRunThatItsDeletionCancelledEndsAsDeleted(isSeenAgain: Bool) {
        var following = following(running, logs: true)
        let cancelled = running.deleting().ended(.cancelled).status { $0.reason = Reason.requestDeleted }
        #expect(words(following.hear(.requests([cancelled]))) == ["ask"])
        if !isSeenAgain { #expect(words(following.hear(.requests([]))).isEmpty) }
        #expect(words(following.hear(.lastPods([]))) == ["end deleted"])
    }

    @Test(arguments: [ReportRequestStatus.Phase.succeeded, .failed, .cancelled])
    func aRunThatEndedByItselfIsNotOverByDeletion(phase: ReportRequestStatus.Phase) {
        var following = following(running)
        let ended = running.ended(phase).deleting()
        #expect(words(following.hear(.requests([ended]))) == ["end \(phase.rawValue), going"])
    }

    @Test func aPodThatOnlyCarriesTheLabelsIsNotRead() {
        var following = following(running, logs: true)
        var forged = Pod.fixture(of: running, stage: "extract").named("forged").running()
        forged.metadata.ownerReferences = []
        var other = forged.named("other")
        other.metadata.ownerReferences = [
            OwnerReference(controlledBy: Job(metadata: ObjectMeta(name: "other", uid: "u")))
        ]
        #expect(words(following.hear(.pods([forged, other]))).isEmpty)
        let own = Pod.fixture(of: running, stage: "extract").named("e").running()
        #expect(words(following.hear(.pods([forged, other, own]))) == ["read e"])
    }

    @Test func logsAreReadToTheirEndBeforeItEnds() {
        var following = following(running, logs: true)
        let extract = Pod.fixture(of: running, stage: "extract").named("e")
        let load = Pod.fixture(of: running, stage: "load").named("l")
        #expect(words(following.hear(.pods([extract.running()]))) == ["read e"])
        #expect(words(following.hear(.requests([running.ended(.succeeded)]))) == ["ask"])
        // This one was over before anybody told of it.
        #expect(words(following.hear(.lastPods([extract.succeeded(), load.succeeded()]))).isEmpty)
        #expect(words(following.hear(.logEnded(pod: "e", .whole))) == ["read l"])
        #expect(words(following.hear(.logEnded(pod: "l", .whole))) == ["end Succeeded"])
    }

    @Test func logsOfEarlierAttemptsAreLeftOut() {
        let second = running.attempt(2).status { $0.attempt = 2 }
        var following = following(second, attempt: 2, logs: true)
        let pods = [1, 2].map { Pod.fixture(of: second, stage: "extract", attempt: $0).named("e\($0)").running() }
        #expect(words(following.hear(.pods(pods))) == ["read e2"])
    }

    @Test func oneStagesLogEndsWithTheStage() {
        var following = following(running, logs: true, stage: "extract")
        let pods = ["extract", "load"].map { Pod.fixture(of: running, stage: $0).named($0).running() }
        #expect(words(following.hear(.pods(pods))) == ["read extract"])
        let next = ReportRequest.fixture(.chain("extract", "load")).running("load", succeeded: ["extract"])
        #expect(words(following.hear(.requests([next]))).isEmpty)
        #expect(words(following.hear(.logEnded(pod: "extract", .whole))) == ["ask"])
        #expect(words(following.hear(.lastPods(pods))) == ["end Running"])
    }

    @Test func aRefusedRequestEndsWithoutLogs() {
        let refused = ReportRequest.fixture().status {
            $0.phase = .failed
            $0.reason = Reason.invalidSpec
        }
        var following = following(refused, logs: true)
        #expect(words(following.hear(.requests([refused]))) == ["ask"])
        #expect(words(following.hear(.lastPods([]))) == ["end Failed"])
    }

    @Test func aLogThatIsGoneIsSaid() {
        var following = following(running, logs: true)
        _ = following.hear(.pods([Pod.fixture(of: running, stage: "extract").named("e").running()]))
        #expect(words(following.hear(.logEnded(pod: "e", .gone))) == ["note gone e"])
    }
}
