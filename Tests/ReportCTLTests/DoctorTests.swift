import ArgumentParser
import KubernetesModel
import ReportAPI
import ReportClient
import TestSupport
import Testing

@testable import ReportCTL

struct DoctorTests {
    private func permission(_ commands: String) throws -> Permission {
        try #require(Permission.all.first { $0.commands.contains(commands) })
    }

    @Test func whatIsMissingIsNamedByWhatDoesNotWork() throws {
        #expect(Permission.finding(denied: [], namespace: "finance").level == .ok)
        let submit = Permission.finding(denied: [try permission("submit, pipelines")], namespace: "finance")
        #expect(submit.level == .failure && submit.mend?.contains("view (to look)") == true)
        let cancel = Permission.finding(denied: [try permission("cancel")], namespace: "finance")
        #expect(
            cancel.level == .warning && cancel.text.contains("patch reportrequests.reports.ers.dev (cancel, retry)"))
    }

    @Test func reviewsNameSubresources() throws {
        let attributes = try permission("logs, --follow").review(namespace: "finance")["spec"]?["resourceAttributes"]
        #expect(attributes?["resource"] == .string("pods") && attributes?["subresource"] == nil)
        let log = try #require(Permission.all.first { $0.resource == "pods/log" })
        #expect(log.review(namespace: "a")["spec"]?["resourceAttributes"]?["subresource"] == .string("log"))
    }

    @Test func requestsThatNobodySeesTellOfAnOperatorThatIsNotThere() {
        let request = ReportRequest.fixture()
        #expect(
            OperatorSigns.findings(
                [request], now: .start.after(60), operatorNamespace: "report-operator"
            ) { _ in "" }.isEmpty)
        let findings = OperatorSigns.findings(
            [request], now: .start.after(90), operatorNamespace: "report-operator"
        ) { _ in "" }
        #expect(findings.map(\.level) == [.failure])
        #expect(findings[0].text == "no operator has seen 1 request, such as \(request.metadata.name), for 90s")
        #expect(
            findings[0].mend?.hasSuffix(
                "kubectl logs -n report-operator -l app.kubernetes.io/name=report-operator") == true)
    }

    @Test func requestsOfSeveralNamespacesAreNamedWithTheirs() {
        let other = ReportRequest.fixture(name: "b").with {
            $0.metadata = ObjectMeta(name: "b", namespace: "ops", creationTimestamp: .start)
        }
        let findings = OperatorSigns.findings(
            [.fixture(name: "a"), other], now: .start.after(90), operatorNamespace: "report-operator",
            name: \.metadata.key.description
        ) { _ in "" }
        #expect(
            findings.map(\.text) == ["no operator has seen 2 requests in 2 namespaces, such as finance/a, for 90s"])
        #expect(findings[0].mend?.contains("acts for the namespace finance") == true)
    }

    @Test func schedulesThatMakeNoReportAreTold() {
        func schedule(
            _ name: String, suspend: Bool? = nil, not reason: String? = nil, isSeen: Bool = true,
            isDeleting: Bool = false
        ) -> ReportSchedule {
            var status = ReportScheduleStatus()
            status.conditions = [
                Condition(
                    type: "Ready", status: reason == nil ? "True" : "False", reason: reason ?? "",
                    message: "m", lastTransitionTime: nil, observedGeneration: nil)
            ]
            if !isSeen { status = ReportScheduleStatus() }
            return ReportSchedule(
                metadata: ObjectMeta(
                    name: name, namespace: "finance", creationTimestamp: .start,
                    deletionTimestamp: isDeleting ? .start : nil),
                spec: ReportScheduleSpec(
                    schedule: "@daily", suspend: suspend,
                    request: .init(spec: .init(pipelineRef: .init(name: "books")))),
                status: status)
        }
        func texts(_ schedules: ReportSchedule..., pipelines: Set<ObjectKey>) -> [String] {
            ScheduleSigns.findings(
                schedules, pipelines: pipelines, now: .start.after(90), operatorNamespace: "o", name: \.metadata.name
            ) { _ in "" }.map(\.text)
        }
        let books = ObjectKey(namespace: "finance", name: "books")
        #expect(texts(schedule("b"), pipelines: [books]) == [])
        #expect(
            texts(schedule("b"), schedule("a"), pipelines: [ObjectKey(namespace: "ops", name: "books")])
                == ["2 schedules will fail at the next run, such as a: there is no pipeline books"])
        #expect(texts(schedule("b", suspend: true), schedule("c", isDeleting: true), pipelines: []) == [])
        #expect(
            texts(
                schedule("a", not: Reason.requestNotCreated), schedule("b", not: Reason.invalidSpec),
                schedule("c", isSeen: false), schedule("d", not: Reason.invalidParameters), pipelines: [books])
                == [
                    "no operator has seen 1 schedule, such as c, for 90s",
                    "every run of 1 schedule fails, such as d: m",
                    "no reports are made of 1 schedule, such as b: m",
                    "the cluster refuses what is needed for 1 schedule, such as a: m",
                ])
    }

    @Test func triggersThatMakeNoReportAreTold() {
        func trigger(_ name: String, ready: String?, isDeleting: Bool = false) -> ReportTrigger {
            var status = ReportTriggerStatus()
            status.conditions = ready.map {
                [
                    Condition(
                        type: "Ready", status: $0, reason: "", message: "m", lastTransitionTime: nil,
                        observedGeneration: nil)
                ]
            }
            return ReportTrigger(
                metadata: ObjectMeta(
                    name: name, namespace: "plant", creationTimestamp: .start,
                    deletionTimestamp: isDeleting ? .start : nil),
                spec: ReportTriggerSpec(
                    match: .init(labels: ["a": "b"]), request: .init(pipelineRef: .init(name: "mttr")),
                    tokenSHA256: String(repeating: "0", count: 64)),
                status: status)
        }
        func findings(_ triggers: ReportTrigger..., after seconds: Int64 = 90) -> [Finding] {
            TriggerSigns.findings(triggers, now: .start.after(seconds), operatorNamespace: "o", name: \.metadata.name)
        }
        #expect(findings(trigger("a", ready: "True"), trigger("b", ready: "False", isDeleting: true)) == [])
        #expect(findings(trigger("a", ready: nil), after: 60) == [])
        let all = findings(trigger("c", ready: "False"), trigger("b", ready: "False"), trigger("a", ready: nil))
        #expect(
            all.map(\.text) == [
                "no operator has seen 1 trigger, such as a, for 90s",
                "alerts of 2 triggers make no reports, some or all, such as b: m",
            ])
        #expect(all.last?.mend?.hasSuffix("kubectl describe reporttrigger b -n plant") == true)
        var ticketed = trigger("t", ready: "True")
        ticketed.status?.conditions?.append(
            Condition(
                type: "TicketsReady", status: "False", reason: Reason.ticketRefused, message: "answered 422",
                lastTransitionTime: nil, observedGeneration: 1))
        #expect(
            findings(ticketed).map(\.text) == [
                "tickets of 1 trigger are not opened or closed, some or all, such as t: answered 422"
            ])
    }

    private static let trouble = Trouble("nobody answers", advice: ["open a tunnel"])

    @Test(
        arguments: [
            (true, false, Finding.failure("MongoDB", "nobody answers", mend: "open a tunnel")),
            (true, true, .failure("MongoDB", "nobody answers", mend: "open a tunnel")),
            // Perhaps only pods can reach it.
            (false, false, .warning("MongoDB", "nobody answers", mend: "open a tunnel")),
        ])
    func whoeverGaveTheAddressMadeTheFault(isGiven: Bool, isMissed: Bool, finding: Finding) {
        let silence = ServerSilence(server: .mongodb, isAddressGiven: isGiven, isMissedByOperator: isMissed)
        #expect(silence.finding("nobody answers", mend: "open a tunnel") == finding)
        #expect(silence.findingWithoutAddress(Self.trouble) == finding)
    }

    @Test func aServerThatTheOperatorMissesTooIsAFault() {
        let silence = ServerSilence(server: .mongodb, isAddressGiven: false, isMissedByOperator: true)
        let finding = silence.finding("nobody answers", mend: "open a tunnel")
        #expect(finding.level == .failure && finding.mend?.contains("report-operator-mongodb") == true)
        // That the Secret may not be read tells nothing of it.
        #expect(silence.findingWithoutAddress(Self.trouble).level == .warning)
    }

    @Test func aFileThatIsNamedIsAGivenAddress() throws {
        let none = try InstallationOptions.parse([])
        let server = OutsideServer(name: "S", variable: "REPORT_NO_SUCH_VARIABLE", secret: "s", key: "k")
        #expect(none.isAddressGiven(server, file: "address") && !none.isAddressGiven(server, file: nil))
    }

    @Test func whatCannotBeRecordedDeletedOrStartedIsFound() {
        let unrecorded = ReportRequest.fixture(name: "a").started().status {
            $0.conditions = [
                Condition(
                    type: "Recorded", status: "False", reason: "StoreUnavailable", message: "MongoDB can't be reached",
                    lastTransitionTime: nil, observedGeneration: nil)
            ]
        }
        let held = ReportRequest.fixture(name: "b").started().deleting().with {
            $0.metadata.finalizers = ["reports.ers.dev/record"]
        }
        let stuck = ReportRequest.fixture(name: "c").running("extract").status {
            $0.reason = "StageNotStarting"
            $0.message = "extract can't start: FailedMount: secret \"nope\" not found"
        }
        let findings = OperatorSigns.findings(
            [unrecorded, held, stuck], now: .start.after(500), operatorNamespace: "report-operator"
        ) { "describe \($0.metadata.name)" }
        #expect(findings.map(\.subject) == ["record", "deletions", "stages"])
        #expect(findings[1].text.contains("b, held by reports.ers.dev/record"))
        #expect(
            findings[2].text
                == "a stage can't start, in 1 run, such as c: extract can't start: FailedMount: secret \"nope\" not found"
        )
        #expect(findings[2].mend == "see its message: describe c")
    }

    private func deployment(image: String, ready: Int64, replicas: Int64 = 1) -> JSONValue {
        .object([
            "metadata": .object(["name": .string("report-operator"), "namespace": .string("report-operator")]),
            "spec": .object([
                "replicas": .integer(replicas),
                "template": .object([
                    "spec": .object(["containers": .array([.object(["image": .string(image)])])])
                ]),
            ]),
            "status": .object(["readyReplicas": .integer(ready)]),
        ])
    }

    @Test(
        arguments: [
            ("registry.example:5000/report-operator:0.1.0", 1, [Finding.Level.ok]),
            ("registry.example:5000/report-operator:v0.2.0", 1, [.ok, .warning]),
            ("registry.example:5000/report-operator", 1, [.ok]), ("report-operator:latest", 1, [.ok]),
            ("report-operator@sha256:00", 0, [.failure]),
        ] as [(String, Int64, [Finding.Level])])
    func theDeploymentTellsReadinessAndVersion(image: String, ready: Int64, levels: [Finding.Level]) {
        #expect(OperatorSigns.deployment(deployment(image: image, ready: ready), own: "0.1.0").map(\.level) == levels)
    }

    @Test func anOperatorThatIsScaledAwayIsTold() {
        let findings = OperatorSigns.deployment(
            deployment(image: "report-operator:0.1.0", ready: 0, replicas: 0), own: "0.1.0")
        #expect(findings.map(\.level) == [.failure] && findings[0].text.hasPrefix("scaled to 0"))
        #expect(findings[0].mend == "kubectl scale deployment/report-operator -n report-operator --replicas=2")
    }

    @Test(
        arguments: [
            ("redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n", [Finding.Level.ok]),
            ("redis_version:6.0.1\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n", [.failure]),
            ("redis_version:7.2.0\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:0\r\n", [.ok, .failure, .warning]),
            ("redis_version:7.2.0\r\n", [.ok]),
        ] as [(String, [Finding.Level])])
    func redisIsHeldAgainstWhatTheOperatorNeeds(info: String, levels: [Finding.Level]) {
        #expect(RedisAdvice.findings(info: info).map(\.level) == levels)
    }

    @Test func aFindingSaysWhatToMendBelowIt() {
        let lines = Finding.failure("CRDs", "not there", mend: "apply them").lines(subjectWidth: 10)
        #expect(
            lines.map { $0.rendered(color: false) } == [
                "FAILED   CRDs        not there", "                     → apply them",
            ])
    }

    @Test func twoOperatorsOverOneNamespaceAreNamed() {
        let request = ReportRequest.fixture().created(at: .start).started().with { $0.takenBy = "a/report-operator" }
        func texts(_ request: ReportRequest, after seconds: Int64) -> [String] {
            OperatorSigns.findings([request], now: .start.after(seconds), operatorNamespace: "a") { _ in "" }
                .map(\.text)
        }
        #expect(texts(request, after: 60) == [])
        let shared = request.with { $0.otherOperator = "finance/report-operator" }
        #expect(
            texts(shared, after: 60)
                == ["two act for namespace finance: a/report-operator and finance/report-operator"])
        #expect(texts(shared, after: 100_000) == [], "long ago")
    }

    @Test(
        arguments: [
            (Reason.jobNotCreated, "stages", "a stage's Job can't be made, in 1 run, such as"),
            (Reason.storeUnavailable, "rows", "it can't be read whether rows were published, in 1 run, such as"),
            (Reason.sharedLockUnavailable, "locks", "the lock shared between clusters can't be had, in 1 run, such as"),
        ])
    func whatRunsWaitForOutsideIsNamed(reason: String, subject: String, text: String) throws {
        let waiting = ReportRequest.fixture().created(at: .start).started().with {
            $0.status?.reason = reason
            $0.status?.message = "because"
        }
        func findings(_ request: ReportRequest) -> [Finding] {
            OperatorSigns.findings([request], now: .start.after(60), operatorNamespace: "a") { _ in "describe it" }
        }
        let found = findings(waiting)
        #expect(found.map(\.level) == [.warning] && found.map(\.subject) == [subject])
        #expect(found[0].text == "\(text) \(waiting.metadata.name): because")
        #expect(findings(waiting.with { $0.status?.phase = .failed }) == [], "what is over waits for nothing")
    }

    @Test func aChangeWithoutEffectIsNamedForADay() {
        let request = ReportRequest.fixture().created(at: .start).started().with {
            $0.status?.ignoredChange = "ignored: attempt 2"
        }
        func texts(after seconds: Int64) -> [String] {
            OperatorSigns.findings([request], now: .start.after(seconds), operatorNamespace: "a") { _ in "" }
                .map(\.text)
        }
        #expect(
            texts(after: 60)
                == ["a change has no effect, of 1 request, such as \(request.metadata.name): ignored: attempt 2"])
        #expect(texts(after: 100_000) == [], "long ago")
    }

    // MARK: Addresses

    @Test(
        arguments: [
            ("mongodb://reports:s3cret@db-0:27017,db-1:27017/reports?replicaSet=rs0", "db-0:27017,db-1:27017/reports"),
            ("mongodb+srv://u:p%40@Example.com/", "example.com"), ("rediss://:p@ss@10.0.0.1:6380/0", "10.0.0.1:6380/0"),
            ("redis://cache", "cache"), ("redis://:a?b#c@d@cache:6379", "cache:6379"),
        ])
    func anAddressIsShownWithoutWhatIsSecret(address: String, hosts: String) {
        #expect(AskedAddress.hosts(address) == hosts)
    }

    @Test func anAddressThatIsNotTheOperatorsIsSaidToBeSo() {
        func asked(_ address: String, _ operators: String?) -> AskedAddress {
            AskedAddress(server: .mongodb, address: address, source: "$MONGODB_URI", operators: operators)
        }
        #expect(
            asked("mongodb://a:b@localhost/reports", "mongodb://c:d@db/reports").finding?.text
                == "that is not the operator's address, which is db/reports")
        #expect(asked("mongodb://a:b@db/reports?tls=true", "mongodb://c:d@db/reports").finding == nil)
        #expect(asked("mongodb://db/reports", nil).finding == nil)
        #expect(asked("mongodb://a:b@db/reports", nil).words == "at db/reports, which $MONGODB_URI names")
    }

    // MARK: Pipelines, schedules and rights

    @Test func pipelinesThatCannotRunAreFound() {
        func pipeline(_ name: String, _ status: String) -> ReportPipeline {
            var pipeline = ReportPipeline.fixture(name, .chain("a"))
            pipeline.status = ReportPipelineStatus(conditions: [
                Condition(
                    type: "Ready", status: status, reason: "InvalidSpec", message: "a waits for itself",
                    lastTransitionTime: nil, observedGeneration: nil)
            ])
            return pipeline
        }
        let all = [pipeline("b", "False"), pipeline("a", "False"), pipeline("c", "True")]
        #expect(
            PipelineSigns.findings(all) { $0.metadata.name }.map(\.text)
                == ["2 pipelines can't run, such as a: a waits for itself"])
        #expect(PipelineSigns.findings([all[2]]) { $0.metadata.name } == [])
    }

    @Test func aScheduleWhoseLatestRunFailedIsFound() {
        func run(_ name: String, of schedule: String, at seconds: Int64, _ phase: ReportRequestStatus.Phase)
            -> ReportRequest
        {
            ReportRequest.fixture(name: name, uid: name).started().ended(phase).created(at: .start.after(seconds))
                .made(forSchedule: schedule)
        }
        let schedule = ReportSchedule(
            metadata: ObjectMeta(name: "a", namespace: "finance", uid: "a"), spec: .fixture())
        func texts(_ requests: ReportRequest...) -> [String] {
            ScheduleSigns.failing([schedule], requests, name: \.metadata.name, describe: { _ in "" }).map(\.text)
        }
        #expect(
            texts(run("a-1", of: "a", at: 1, .succeeded), run("a-2", of: "a", at: 2, .failed))
                == ["the latest run of 1 schedule failed, such as a-2"])
        #expect(texts(run("a-1", of: "a", at: 3, .succeeded), run("a-2", of: "a", at: 2, .failed)) == [])
        #expect(texts(run("b-1", of: "b", at: 1, .failed)) == [], "of one that is gone")
        let copy = run("a-3", of: "a", at: 3, .failed).with { $0.metadata.name = "copy" }
        #expect(texts(run("a-1", of: "a", at: 1, .succeeded), copy) == [], "a copy that brings the labels along")
        let elsewhere = ReportRequest.fixture(name: "x", uid: "x").with { $0.metadata.namespace = "other" }
            .started().ended(.failed).made(forSchedule: "a")
        #expect(texts(elsewhere) == [], "in a namespace in which the schedule isn't")
        #expect(texts(ReportRequest.fixture().started().ended(.failed)) == [], "of no schedule")
    }

    @Test func aRightThatTheOperatorLacksIsNamed() throws {
        let jobs = try #require(OperatorRight.all.first { $0.resource == "jobs" })
        let status = try #require(OperatorRight.all.first { $0.resource == "reportrequests/status" })
        func finding(_ missing: [OperatorRight], isUsed: Bool = true) -> Finding? {
            OperatorRight.finding(missing: missing, user: "u", namespace: "finance", isUsed: isUsed)
        }
        #expect(finding([]) == nil)
        #expect(
            finding([jobs, status])?.text
                == "u may not in namespace finance: create jobs.batch, patch reportrequests/status.reports.ers.dev")
        #expect(finding([jobs])?.level == .failure)
        #expect(finding([jobs], isUsed: false)?.level == .warning)
        let attributes = status.review(of: "u", namespace: "finance")["spec"]?["resourceAttributes"]
        #expect(attributes?["subresource"] == .string("status") && attributes?["resource"] == .string("reportrequests"))
    }
}
