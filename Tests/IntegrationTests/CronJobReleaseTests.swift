import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// Schedules where CronJobs are as other releases of Kubernetes have them.
@Suite struct CronJobReleaseTests {
    @Test(arguments: [20, 21, 24, 25, 34].map { KubernetesRelease(minor: $0) })
    func aScheduleRunsInTheVersionThatTheServerHas(_ release: KubernetesRelease) async throws {
        try await ReleaseProxy.run(release) { _, cluster in
            try await TestBed.run(on: cluster) { bed in
                try await bed.createPipeline()
                try await bed.createSchedule()
                let ready = try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
                let made = try #require(try await bed.cronJob())
                #expect(made["apiVersion"]?.string == "batch/\(release.cronJobVersions[0])")
                #expect(made["metadata"]?["ownerReferences"]?.array?.first?["uid"]?.string == ready.metadata.uid)
                try await bed.patchCronJob("nightly", #"{"spec": {"suspend": true}}"#)
                try await bed.wait(forCronJob: "nightly", "as before") {
                    $0?["spec"] == made["spec"]
                        && $0?["metadata"]?["resourceVersion"] != made["metadata"]?["resourceVersion"]
                }
                let tick = try await bed.tick(minute: 1)
                try await bed.wait(for: tick.metadata.name, phase: .succeeded)
                try await bed.waitUntilGone(tick)
                try await bed.cluster.runNow("nightly", as: "now", in: bed.namespace)
                try await bed.wait(for: "now", phase: .succeeded)
                try await bed.cluster.kubectl("delete", "cronjob", "nightly", "-n", bed.namespace)
                try await bed.wait(forCronJob: "nightly", "put back") {
                    $0 != nil && $0?["metadata"]?["uid"] != made["metadata"]?["uid"]
                }
                try await bed.cluster.kubectl("delete", "rsched", "nightly", "-n", bed.namespace)
                try await bed.wait(forCronJob: "nightly", "gone") { $0 == nil }
            }
        }
    }

    @Test func aZoneIsTheCronJobsAndItsPlaceholders() async throws {
        try await ReleaseProxy.run(KubernetesRelease(minor: 25)) { _, cluster in
            try await TestBed.run(on: cluster) { bed in
                try await bed.createPipeline(more: "parameters: [{name: day, type: string}]")
                try await bed.createSchedule(
                    more: #"{timeZone: America/Indiana/Indianapolis, request: {spec: {parameters: {day: "{date}"}}}}"#)
                try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
                let made = try #require(try await bed.cronJob())
                #expect(made["spec"]?["timeZone"] == "America/Indiana/Indianapolis")
                let tick = try await bed.tick(minute: 1)
                let done = try await bed.wait(for: tick.metadata.name, phase: .succeeded)
                #expect(done.spec.value?.parameters == ["day": "2026-03-30"], "a minute past midnight in UTC")

                for zone in [#""Europe/Berlin""#, "null"] {
                    try await bed.patchCronJob("nightly", #"{"spec": {"timeZone": \#(zone)}}"#)
                    try await bed.wait(forCronJob: "nightly", "as before") {
                        $0?["spec"] == made["spec"]
                            && $0?["metadata"]?["resourceVersion"] != made["metadata"]?["resourceVersion"]
                    }
                }
                try await bed.patchSchedule("nightly", "spec: {timeZone: Europe/Berlin}")
                try await bed.wait(forCronJob: "nightly", "elsewhere") {
                    $0?["spec"]?["timeZone"] == "Europe/Berlin" && $0?["spec"]?["suspend"] == .bool(false)
                }
                try await bed.patchSchedule("nightly", "spec: {timeZone: Europe/Atlantis}")
                let odd = try await bed.wait(forSchedule: "nightly", reason: Reason.timeZoneUnknown)
                #expect(odd.status?.ready?.message.contains("Europe/Atlantis") == true)
                try await bed.wait(forCronJob: "nightly", "suspended") { $0?["spec"]?["suspend"] == .bool(true) }
                try await bed.patchSchedule("nightly", "spec: {timeZone: null}")
                try await bed.wait(forCronJob: "nightly", "in the cluster's zone") {
                    $0?["spec"]?["timeZone"] == nil && $0?["spec"]?["suspend"] == .bool(false)
                }
                try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            }
        }
    }

    /// Also where the server should know zones by its version, and drops them.
    @Test(arguments: [
        KubernetesRelease(minor: 20), KubernetesRelease(minor: 24), KubernetesRelease(minor: 25, keepsZones: false),
    ])
    func withoutZonesNothingTicksAtWrongHours(_ release: KubernetesRelease) async throws {
        try await ReleaseProxy.run(release) { proxy, cluster in
            try await TestBed.run(on: cluster) { bed in
                let states = try await CronJobHistory(bed)
                try await bed.createSchedule("plain")
                try await bed.createSchedule("zoned", more: "timeZone: America/Indiana/Indianapolis")
                let zoned = try await bed.wait(forSchedule: "zoned", reason: Reason.timeZoneUnsupported)
                #expect(zoned.status?.ready?.isTrue == false)
                #expect(zoned.status?.ready?.message.contains("1.25") == true, "\(zoned.status?.ready?.message ?? "")")
                try await bed.wait(forSchedule: "plain", reason: Reason.scheduled)
                try await bed.patchSchedule("plain", "spec: {timeZone: Europe/Berlin}")
                try await bed.wait(forSchedule: "plain", reason: Reason.timeZoneUnsupported)
                try await bed.wait(forCronJob: "plain", "suspended") { $0?["spec"]?["suspend"] == .bool(true) }
                try await bed.patchSchedule("plain", "spec: {timeZone: null}")
                try await bed.wait(forSchedule: "plain", reason: Reason.scheduled)
                try await bed.wait(forCronJob: "plain", "ticking") { $0?["spec"]?["suspend"] == .bool(false) }
                #expect(try await states.tickingEver() == ["plain"])

                // One that is there all the same is suspended, and what people start by it waits.
                guard release.minor == 25 else {
                    #expect(try await bed.cronJob("zoned") == nil)
                    return
                }
                try await bed.createPipeline()
                try await bed.cluster.runNow("zoned", as: "early", in: bed.namespace)
                try await bed.cluster.runNow("plain", as: "now", in: bed.namespace)
                try await bed.wait(for: "now", phase: .succeeded)
                #expect(try await bed.scheduledRequests().map(\.metadata.name) == ["now"])
                proxy.upgrade(to: KubernetesRelease(minor: 25))
                try await bed.wait(forSchedule: "zoned", reason: Reason.scheduled)
                try await bed.wait(for: "early", phase: .succeeded)
            }
        }
    }

    /// The server loses `batch/v1beta1` under a running operator, and learns zones.
    @Test(arguments: [20, 24]) func anUpgradeOfTheClusterIsFollowed(from minor: Int) async throws {
        try await ReleaseProxy.run(KubernetesRelease(minor: minor)) { proxy, cluster in
            try await TestBed.run(on: cluster, fate: { _ in .runs }) { bed in
                try await bed.createPipeline()
                try await bed.createSchedule()
                try await bed.createSchedule("zoned", more: "timeZone: Europe/Berlin")
                try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
                try await bed.wait(forSchedule: "zoned", reason: Reason.timeZoneUnsupported)
                let before = try await bed.cronJob()
                let tick = try await bed.tick(minute: 1)
                try await bed.pod(of: "one", request: tick.metadata.name)

                proxy.upgrade(to: KubernetesRelease(minor: 25))
                // Or kubectl asks in the version that it has noted.
                try await bed.cluster.kubectl("api-resources")
                try await bed.wait(forSchedule: "zoned", reason: Reason.scheduled)
                #expect(try await bed.cronJob("zoned")?["spec"]?["timeZone"] == "Europe/Berlin")
                let after = try await bed.cronJob()
                #expect(after?["apiVersion"] == "batch/v1")
                #expect(after?["metadata"]?["uid"] == before?["metadata"]?["uid"])
                try await bed.patchSchedule("nightly", "spec: {schedule: 5 0 1 1 *}")
                try await bed.wait(forCronJob: "nightly", "edited") { $0?["spec"]?["schedule"] == "5 0 1 1 *" }
                try await bed.release(tick.metadata.name)
                try await bed.wait(for: tick.metadata.name, phase: .succeeded)
                try await bed.waitUntilGone(tick)
                #expect(try bed.requestCreations() == 1)
            }
        }
    }

    @Test func aRollbackOfTheClusterStopsWhatHasLostItsZone() async throws {
        let (new, old) = (KubernetesRelease(minor: 25), KubernetesRelease(minor: 24))
        try await ReleaseProxy.run(new) { proxy, cluster in
            try await TestBed.run(on: cluster) { bed in
                try await bed.createPipeline()
                for name in ["east", "west"] { try await bed.createSchedule(name, more: "timeZone: Europe/Berlin") }
                for name in ["east", "west"] {
                    try await bed.wait(forSchedule: name, reason: Reason.scheduled)
                    let made = try await bed.cronJob(name)
                    #expect(made?["spec"]?["timeZone"] == "Europe/Berlin" && made?["spec"]?["suspend"] == .bool(false))
                }
                proxy.upgrade(to: old)
                for name in ["east", "west"] {
                    try await bed.wait(forSchedule: name, reason: Reason.timeZoneUnsupported)
                    try await bed.wait(forCronJob: name, "suspended") { $0?["spec"]?["suspend"] == .bool(true) }
                }
                proxy.upgrade(to: new)
                for name in ["east", "west"] {
                    try await bed.wait(forSchedule: name, reason: Reason.scheduled)
                    let made = try await bed.cronJob(name)
                    #expect(made?["spec"]?["timeZone"] == "Europe/Berlin" && made?["spec"]?["suspend"] == .bool(false))
                }
            }
        }
    }
}

/// What the CronJobs of a namespace have been like since it was made, as the server remembers it.
private struct CronJobHistory {
    private let bed: TestBed
    private let start: String

    init(_ bed: TestBed) async throws {
        self.bed = bed
        let list = try await bed.cluster.client.list(ReportSchedule.self, namespace: bed.namespace)
        start = try #require(list.metadata.resourceVersion)
    }

    /// Those that were ever there and not suspended.
    func tickingEver() async throws -> Set<String> {
        let events = try await bed.cluster.client.watch(
            CronJob.self, kind: try await bed.cronJobKind(), namespace: bed.namespace,
            options: WatchOptions(resourceVersion: start, timeoutSeconds: 2))
        var names: Set<String> = []
        for try await event in events {
            switch event {
            case .added(let object), .modified(let object):
                if object.spec.suspend != true { names.insert(object.metadata.name) }
            case .deleted, .bookmark, .undecodable: continue
            case .status(let status): throw KubernetesError(status)
            }
        }
        return names
    }
}
