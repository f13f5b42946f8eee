import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportStores
import TestSupport
import Testing

@testable import ReportController

/// What becomes of a message whose request can't simply be made.
@Suite struct RequestCreatorTests {
    private let key = ObjectKey(namespace: "finance", name: "tb")

    @Test func aMessageIsNotAcknowledgedAgainstARequestThatIsBeingDeleted() throws {
        let manifest = try IntakeMessage(entry: "1-0", fields: [.init("id", "tb"), .init("pipeline", "daily")])
            .request(defaultNamespace: "finance")
        let spec = ReportRequestSpec(pipelineRef: .init(name: "daily"))
        let existing = ReportRequest(metadata: ObjectMeta(name: "tb", namespace: "finance"), spec: spec)
        #expect(Verdict(on: existing, asked: manifest) == .accepted)
        var leaving = existing
        leaving.metadata.deletionTimestamp = Timestamp(seconds: 1)
        guard case .postponed(let postponement) = Verdict(on: leaving, asked: manifest) else {
            Issue.record("it is settled")
            return
        }
        #expect(postponement.scope == .message)
        #expect(postponement.reason == "the request finance/tb of before is being deleted")
    }

    static let answers: [(code: Int, reason: String, message: String, scope: Postponement.Scope?)] = [
        (403, "Forbidden", "exceeded quota: requests", .namespace),
        (403, "Forbidden", "User \"x\" cannot create resource \"reportrequests\"", .cluster),
        (429, "TooManyRequests", "too many", .cluster),
        (500, "InternalError", "failed calling webhook", .cluster),
        (404, "NotFound", "the server could not find the requested resource", .cluster),
        (404, "NotFound", "namespaces \"finance\" not found", nil),
        (422, "Invalid", "spec.priority: Invalid value", nil),
        (400, "BadRequest", "admission webhook denied it", nil),
    ]

    @Test(arguments: answers.indices) func theServersAnswerSaysWhomItConcerns(index: Int) {
        let answer = Self.answers[index]
        let error = KubernetesError(
            APIStatus(message: answer.message, reason: answer.reason, code: answer.code))
        switch RequestCreator.verdict(on: error, key) {
        case .postponed(let postponement):
            #expect(postponement.scope == answer.scope)
            #expect(postponement.reason == answer.message)
        case .rejected(let reason):
            #expect(answer.scope == nil)
            #expect(!reason.isEmpty)
        case .accepted:
            Issue.record("it is accepted")
        }
    }

    /// Else whoever may write to the stream could run anything.
    @Test(arguments: [false, true]) func aMessageBringsAPipelineOnlyWhereThatIsAllowed(isAllowed: Bool) async {
        let server = InMemoryAPIServer()
        let creator = RequestCreator(
            client: server.client, reach: IntakeReach(defaultNamespace: "finance", watchedNamespace: "finance"),
            allowsInlinePipelines: isAllowed, requests: Store<ReportRequest>(),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        let spec = #"{"pipeline":{"stages":[{"name":"one","image":"a"}]}}"#
        let verdict = await creator.create(
            IntakeMessage(entry: "1-0", fields: [.init("id", "tb"), .init("spec", spec)]))
        let made = server.find(ReportRequest.self, "tb")
        guard isAllowed else {
            #expect(
                verdict
                    == .rejected(
                        reason: "spec.pipeline: a message may name a pipeline but not bring one; make it a "
                            + "ReportPipeline and name that in spec.pipelineRef (or have the operator started with "
                            + "--intake-inline-pipelines)"))
            #expect(made == nil && server.state.writes == 0)
            return
        }
        #expect(verdict == .accepted)
        #expect(made?.spec.value?.pipeline?.stages.map(\.name) == ["one"])
    }

    @Test func onlyItsOwnNamespaceIsReachedUntilOthersAreKnown() {
        let all = IntakeReach(defaultNamespace: "reports", watchedNamespace: nil)
        #expect(all.obstacle("reports") == nil)
        guard case .postponed(let postponement) = all.obstacle("kube-system") else {
            Issue.record("it is settled")
            return
        }
        #expect(postponement.scope == .cluster)
        let one = IntakeReach(defaultNamespace: "reports", watchedNamespace: "reports")
        #expect(one.obstacle("reports") == nil)
        #expect(
            one.obstacle("kube-system")
                == .rejected(
                    reason: "namespace: \"kube-system\" is not the one that this operator works in, "
                        + "which is \"reports\""))
    }
}
