import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// The CronJob of a schedule: as its spec says, or not at all.
@Suite struct ScheduleCronJobTests {
    @Test func scheduleHasACronJobThatFollowsIt() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await bed.createSchedule(more: "startingDeadlineSeconds: 600")
            let ready = try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            #expect(ready.status?.ready?.isTrue == true)
            #expect(ready.status?.cronJob == "nightly")
            let made = try #require(try await bed.cronJob())
            let spec = try #require(made["spec"])
            #expect(spec["schedule"] == "0 0 1 1 *" && spec["concurrencyPolicy"] == "Forbid")
            #expect(spec["suspend"] == .bool(false) && spec["startingDeadlineSeconds"] == .integer(600))
            #expect(spec["jobTemplate"]?["spec"]?["parallelism"] == .integer(0))
            #expect(
                made["metadata"]?["ownerReferences"]?.array?.first?["uid"]?.string == ready.metadata.uid)

            try await bed.patchSchedule(
                "nightly",
                "spec: {suspend: true, concurrencyPolicy: Allow, startingDeadlineSeconds: null, schedule: 7 7 7 7 *}")
            try await bed.wait(forCronJob: "nightly", "as the schedule") {
                $0?["spec"]?["suspend"] == .bool(true) && $0?["spec"]?["concurrencyPolicy"] == "Allow"
                    && $0?["spec"]?["startingDeadlineSeconds"] == nil && $0?["spec"]?["schedule"] == "7 7 7 7 *"
            }
            try await bed.wait(forSchedule: "nightly", reason: Reason.suspended)
        }
    }

    @Test(arguments: [
        #"{"spec": {"suspend": true}}"#, #"{"spec": {"schedule": "* * * * *", "suspend": true}}"#,
        #"{"spec": {"jobTemplate": {"spec": {"parallelism": 1}}}}"#,
        #"{"spec": {"jobTemplate": {"spec": {"activeDeadlineSeconds": 60, "ttlSecondsAfterFinished": 0}}}}"#,
        #"{"spec": {"jobTemplate": {"spec": {"completions": 0}}}}"#,
        #"{"metadata": {"labels": {"reports.ers.dev/schedule-uid": null}}}"#,
        #"{"metadata": {"labels": {"app.kubernetes.io/managed-by": "somebody"}}}"#,
    ])
    func whatIsChangedByHandIsPutBack(patch: String) async throws {
        try await TestBed.run { bed in
            try await bed.createSchedule()
            let ready = try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let before = try await bed.cronJob()
            try await bed.patchCronJob("nightly", patch)
            let after = try await bed.wait(forCronJob: "nightly", "as before") {
                $0?["spec"] == before?["spec"] && $0?["metadata"]?["labels"] == before?["metadata"]?["labels"]
                    && $0?["metadata"]?["resourceVersion"] != before?["metadata"]?["resourceVersion"]
            }
            #expect(after["metadata"]?["uid"] == before?["metadata"]?["uid"])
            let settled = try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            #expect(settled.status?.ready == ready.status?.ready)
        }
    }

    @Test func unknownPlaceholderMakesNothingAndStopsWhatTicks() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline(more: "parameters: [{name: period, type: string}]")
            try await bed.createSchedule(more: #"request: {spec: {parameters: {period: "{week}"}}}"#)
            let faulty = try await bed.wait(forSchedule: "nightly", reason: Reason.invalidSpec)
            let message = try #require(faulty.status?.ready?.message)
            for part in ["parameters.period", "\"{week}\"", "{time}, {date}, {workday}, {month} and {year}"] {
                #expect(message.contains(part), "\(message)")
            }
            #expect(try await bed.cronJob() == nil)
            try await bed.patchSchedule("nightly", #"spec: {request: {spec: {parameters: {period: "{date}"}}}}"#)
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            try await bed.patchSchedule("nightly", #"spec: {request: {spec: {parameters: {period: "{"}}}}"#)
            try await bed.wait(forSchedule: "nightly", reason: Reason.invalidSpec)
            try await bed.wait(forCronJob: "nightly", "suspended") { $0?["spec"]?["suspend"] == .bool(true) }
            // Asked for by hand all the same: it waits until the schedule is mended.
            let tick = try await bed.tick(minute: 1)
            try await bed.patchSchedule("nightly", #"spec: {request: {spec: {parameters: {period: "{date}"}}}}"#)
            try await bed.wait(forCronJob: "nightly", "goes on") { $0?["spec"]?["suspend"] == .bool(false) }
            let done = try await bed.wait(for: tick.metadata.name, phase: .succeeded)
            #expect(done.spec.value?.parameters == ["period": "2026-03-31"])
            #expect(try bed.requestCreations() == 1)
        }
    }

    @Test func scheduleThatTheServerRefusesSaysSoInItsWords() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await bed.createSchedule(more: "schedule: 61 * * * *")
            let refused = try await bed.wait(forSchedule: "nightly", reason: Reason.cronJobRefused)
            #expect(refused.status?.ready?.message.contains("61") == true, "\(refused.status?.ready?.message ?? "")")
            #expect(try await bed.cronJob() == nil)
            try await bed.patchSchedule("nightly", "spec: {schedule: 59 * * * *}")
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            try await bed.patchSchedule("nightly", "spec: {schedule: 62 * * * *}")
            try await bed.wait(forSchedule: "nightly", reason: Reason.cronJobRefused)
            try await bed.wait(forCronJob: "nightly", "suspended, not ticking at the old hours") {
                $0?["spec"]?["suspend"] == .bool(true) && $0?["spec"]?["schedule"] == "59 * * * *"
            }
            try await bed.patchSchedule("nightly", "spec: {schedule: 58 * * * *}")
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            #expect(try await bed.cronJob()?["spec"]?["suspend"] == .bool(false))
        }
    }

    /// Where the server knows zones, they reach the CronJob; else nothing ticks at wrong hours.
    @Test func zoneIsTheCronJobsOrNothingTicks() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            let knowsZones = try await bed.cluster.checksRules()
            try await bed.createSchedule("zoned", more: "timeZone: America/Indiana/Indianapolis")
            try await bed.createSchedule("later")
            try await bed.wait(forSchedule: "later", reason: Reason.scheduled)
            try await bed.patchSchedule("later", "spec: {timeZone: Europe/Berlin}")
            if knowsZones {
                try await bed.wait(forSchedule: "zoned", reason: Reason.scheduled)
                #expect(try await bed.cronJob("zoned")?["spec"]?["timeZone"] == "America/Indiana/Indianapolis")
                try await bed.wait(forCronJob: "later", "zoned") { $0?["spec"]?["timeZone"] == "Europe/Berlin" }
                try await bed.createSchedule("odd", more: "timeZone: Europe/Atlantis")
                let odd = try await bed.wait(forSchedule: "odd", reason: Reason.timeZoneUnknown)
                #expect(odd.status?.ready?.message.contains("Europe/Atlantis") == true)
                #expect(try await bed.cronJob("odd") == nil)
            } else {
                let zoned = try await bed.wait(forSchedule: "zoned", reason: Reason.timeZoneUnsupported)
                #expect(zoned.status?.ready?.message.contains("1.25") == true)
                #expect(try await bed.cronJob("zoned") == nil)
                try await bed.wait(forSchedule: "later", reason: Reason.timeZoneUnsupported)
                try await bed.wait(forCronJob: "later", "suspended") { $0?["spec"]?["suspend"] == .bool(true) }
                try await bed.patchSchedule("later", "spec: {timeZone: null}")
                try await bed.wait(forSchedule: "later", reason: Reason.scheduled)
            }
        }
    }

    /// What Kubernetes' own controller makes of a schedule that rested over a weekend. Before 1.21 it gives up at more than a
    /// hundred missed times, until a deadline bounds them; later it says that there are many, and makes up for the last one.
    @Test func aScheduleThatItsControllerHasGivenUpSaysWhatHelps() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await bed.createSchedule(more: "{schedule: '* * * * *', suspend: true}")
            try await bed.wait(forSchedule: "nightly", reason: Reason.suspended)
            let last = Timestamp(Date()).adding(-62 * 3600)
            let rested = try await bed.cluster.client.patch(
                CronJob.self, kind: try await bed.cronJobKind(), name: "nightly", namespace: bed.namespace,
                merge: JSONValue.object(["status": .object(["lastScheduleTime": .string(last.description)])]),
                subresource: .status)
            #expect(rested.status?.lastScheduleTime == last)
            let uid = rested.metadata.uid

            try await bed.patchSchedule("nightly", "spec: {suspend: false}")
            let givesUp = try await bed.cluster.cronJobVersion() == "v1beta1"
            let word = givesUp ? "FailedNeedsStart" : "TooManyMissedTimes"
            try await bed.cluster.wait(
                forAll: Event.self, in: bed.namespace, within: .seconds(120), "its controller says \(word)"
            ) { events in events.contains { $0.reason == word && $0.involvedObject?.uid == uid } }
            if givesUp {
                let told = try await bed.wait(forSchedule: "nightly", reason: Reason.tooManyMissed)
                #expect(told.status?.ready?.isTrue == false)
                #expect(
                    told.status?.ready?.message
                        == "more than 100 scheduled times have been missed since \(last), and this cluster's CronJob "
                        + "controller gives up then; set spec.startingDeadlineSeconds, such as to 120")
                #expect(try await bed.scheduledRequests().isEmpty)
                try await bed.patchSchedule("nightly", "spec: {startingDeadlineSeconds: 120}")
            }
            try await bed.cluster.wait(
                forAll: ReportRequest.self, selector: ReportsAPI.scheduleSelector, in: bed.namespace,
                within: .seconds(120), "it ticks, and its report succeeds"
            ) { $0.contains { $0.status?.phase == .succeeded } }
            let ready = try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            #expect(ready.status?.ready?.isTrue == true)
        }
    }

    @Test func aForeignCronJobIsLeftAloneAndItsNameTakenOver() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            let kind = try await bed.cronJobKind()
            let foreign = try await bed.cluster.client.create(
                CronJob.self, kind: kind,
                manifest: JSONValue.yaml(
                    """
                    apiVersion: \(kind.apiVersion)
                    kind: CronJob
                    metadata: {name: nightly}
                    spec:
                      schedule: 1 1 1 1 *
                      jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}}
                    """), namespace: bed.namespace)
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.cronJobNameTaken)
            let after = try #require(try await bed.cronJob())
            #expect(after["metadata"]?["resourceVersion"]?.string == foreign.metadata.resourceVersion)
            try await bed.cluster.kubectl("delete", "cronjob", "nightly", "-n", bed.namespace)
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
        }
    }

    @Test func aNameTooLongForACronJobIsShortened() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            let name = "monthly-trial-balance-of-all-companies-of-the-group-in-europe"
            try await bed.createSchedule(name)
            let ready = try await bed.wait(forSchedule: name, reason: Reason.scheduled)
            let cronJob = try #require(ready.status?.cronJob)
            #expect(cronJob.count <= 52 && cronJob.hasPrefix("monthly-trial-balance-of-all"))
            let tick = try await bed.tick(minute: 1, cronJob: cronJob)
            try await bed.wait(for: tick.metadata.name, phase: .succeeded)
            try await bed.waitUntilGone(tick)
        }
    }

    @Test func kubectlShowsWhatMatters() async throws {
        try await TestBed.run { bed in
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let table = try await bed.cluster.kubectl("get", "rsched", "-n", bed.namespace, "-o", "wide")
            let header = table.split(separator: "\n").first.map(String.init) ?? ""
            for column in [
                "NAME", "SCHEDULE", "ZONE", "SUSPEND", "ACTIVE", "NEXT", "LAST SCHEDULE", "READY", "CRONJOB", "REASON",
            ] {
                #expect(header.contains(column), "\(table)")
            }
            #expect(table.contains("0 0 1 1 *") && table.contains("True") && table.contains("Scheduled"), "\(table)")
        }
    }

    /// By the API server where it checks rules, else by the operator.
    @Test func aScheduleThatNamesAPipelineAndBringsOneIsToldSo() async throws {
        try await TestBed.run { bed in
            let both = "request: {spec: {pipeline: {stages: [{name: a, image: a}]}}}"
            let words = "exactly one of pipelineRef and pipeline is needed"
            if try await bed.cluster.checksRules() {
                let refused = try await bed.cluster.refusal { try await bed.createSchedule("none", more: both) }
                #expect(refused.contains("spec.request.spec") && refused.contains(words), "\(refused)")
                return
            }
            try await bed.createSchedule("none", more: both)
            let told = try await bed.wait(forSchedule: "none", reason: Reason.invalidSpec)
            #expect(told.status?.ready?.message.contains("spec.request.spec: \(words)") == true)
        }
    }
}
