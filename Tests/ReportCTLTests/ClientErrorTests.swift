import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportClient
import Testing

@testable import ReportCTL

/// What the client's errors mean to the person at the terminal.
struct ClientErrorTests {
    private func trouble(_ error: ClientError) async -> Trouble {
        let configuration = ClientConfiguration(server: "http://127.0.0.1:1")
        let client = KubernetesClient(configuration: configuration, userAgent: "tests", logger: Logger(label: "tests"))
        defer { client.shutdown() }
        return Trouble(
            error,
            session: Session(
                cluster: ReportCluster(client: client, namespace: "finance"), configuration: configuration,
                place: ["-n", "finance"], clusterPlace: []))
    }

    @Test(
        arguments: [
            (
                .notFound(ReportRequest.resourceKind, name: "a", namespace: "finance"),
                "there is no report request \"a\" in namespace finance", "list -n finance"
            ),
            (
                .notFound(ReportPipeline.resourceKind, name: "a", namespace: "finance"),
                "there is no report pipeline \"a\" in namespace finance", "pipelines -n finance"
            ),
            (
                .notFound(ReportSchedule.resourceKind, name: "a", namespace: "finance"),
                "there is no report schedule \"a\" in namespace finance", "schedules -n finance"
            ),
            (
                .retry(.succeeded, name: "a", pipeline: "tb"),
                "a has already succeeded and can't be retried: make a new request",
                "submit tb -p NAME=VALUE -n finance"
            ),
            (
                .retry(.notOver(attempt: 2, nil), name: "a", pipeline: nil),
                "a is not over: attempt 2 is not begun yet", "watch a -n finance"
            ),
            (.schedule(.notReady("m"), name: "a"), "a is not ready: m", "schedules -n finance"),
            (
                .schedule(.withoutCronJob(nil), name: "a"),
                "a has no CronJob yet: the operator hasn't seen it", "schedules -n finance"
            ),
            (
                .notRecorded("a", namespace: "finance"),
                "the record has no report \"a\": neither by id, nor by a request's name in namespace finance",
                "history -n finance"
            ),
        ] as [(ClientError, String, String)])
    func saysWhatHappenedAndWhatToType(error: ClientError, message: String, advice: String) async {
        let trouble = await trouble(error)
        #expect(trouble.message == message && trouble.code == .unable)
        #expect(trouble.advice.first?.hasSuffix(advice) == true, "\(trouble.advice)")
    }

    @Test func aNameThatMayOrMayNotBeTakenIsToBeLookedAt() async {
        let error = KubernetesError(APIStatus(message: "no", reason: "Forbidden", code: 403))
        let request = await trouble(.creationUnknown(ReportRequest.resourceKind, name: "a", error))
        #expect(request.message == "the API server doesn't say whether it made a: no")
        let job = await trouble(.creationUnknown(Job.resourceKind, name: "a", error))
        #expect(job.message == "the API server doesn't say whether it made the Job a: no")
        #expect(job.advice.first?.hasSuffix("kubectl get job a -n finance") == true, "\(job.advice)")
    }
}
