import ClusterSupport
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// What becomes of the ticks of a schedule's CronJob. The tests make them, as its controller would.
@Suite struct ScheduleTests {
    @Test func tickBecomesARequestAndGoesWhenThatHasEnded() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(more: "parameters: [{name: period, type: month}]")
            try await bed.createSchedule(
                more: """
                    request:
                      metadata: {labels: {team: finance}, annotations: {example.org/why: monthly}}
                      spec: {parameters: {period: "{month-1}"}}
                    """)
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let tick = try await bed.tick(minute: 1)
            let name = tick.metadata.name
            let request = try await bed.wait(for: name, phase: .running)
            #expect(request.spec.value?.parameters == ["period": "2026-02"])
            #expect(request.metadata.labels["team"] == "finance")
            #expect(request.metadata.labels[ReportsAPI.Label.schedule] == "nightly")
            #expect(request.metadata.ownerReferences.isEmpty)
            let annotations = try await bed.cluster.kubectl(
                "get", "rr", name, "-n", bed.namespace, "-o", "jsonpath={.metadata.annotations}")
            #expect(annotations.contains("2026-03-31T00:01:00Z") && annotations.contains("monthly"), "\(annotations)")
            let active = try await bed.wait(forSchedule: "nightly", "tells of it") { $0.status?.activeCount == 1 }
            #expect(active.status?.active == [.init(name: name, scheduledTime: Timestamp("2026-03-31T00:01:00Z"))])
            #expect(active.status?.lastScheduleTime == Timestamp("2026-03-31T00:01:00Z"))
            try await bed.wait(for: name, "is let go") { $0.metadata.finalizers.isEmpty }
            let served = try await bed.cluster.client.get(Tick.self, name: name, namespace: bed.namespace)
            #expect(served.served == .init(request: name, uid: request.metadata.uid))
            #expect(try await bed.cluster.client.list(Pod.self, namespace: bed.namespace).items.count == 1)

            try await bed.release(name)
            try await bed.wait(for: name, phase: .succeeded)
            try await bed.waitUntilGone(tick)
            let settled = try await bed.wait(forSchedule: "nightly", "is done") {
                $0.status?.activeCount == 0 && $0.status?.lastSuccessfulTime != nil
            }
            #expect(settled.status?.active == nil)
            #expect(try bed.requestCreations() == 1)
        }
    }

    /// The ticks are of 31 March 2026, a Tuesday.
    @Test func holidaysOfAConfigMapAreWaitedForAndReadAnewBeforeEachRequest() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline(more: "parameters: [{name: day, type: date}]")
            try await bed.createSchedule(
                more: """
                    holidays: {dates: [2026-12-25], configMap: {name: plant}}
                    skipOn: holidays
                    request: {spec: {parameters: {day: "{workday-1}"}}}
                    """)
            let unknown = try await bed.wait(forSchedule: "nightly", reason: Reason.holidaysUnavailable)
            let message = try #require(unknown.status?.ready?.message)
            #expect(
                message.hasPrefix(
                    "spec.holidays.configMap: there is no ConfigMap \"plant\" in namespace \(bed.namespace); its times wait"
                ),
                "\(message)")
            let first = try await bed.tick(minute: 1)
            try await bed.setHolidays("# of the plant\n2026-03-30 Spring break\r\n\n2026-03-27\n", isNew: true)
            let served = try await bed.wait(for: first.metadata.name, phase: .succeeded)
            #expect(served.spec.value?.parameters == ["day": "2026-03-26"])
            let ready = try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            #expect(ready.status?.nextScheduleTime != nil && ready.status?.lastSkippedTime == nil)
            // The next one goes by what stands there now.
            try await bed.setHolidays("2026-03-31 Year's end")
            let second = try await bed.tick(minute: 2)
            try await bed.waitUntilGone(second)
            let skipped = try await bed.wait(forSchedule: "nightly", "tells of it") {
                $0.status?.lastSkippedTime == Timestamp("2026-03-31T00:02:00Z")
            }
            #expect(skipped.status?.lastScheduleTime == Timestamp("2026-03-31T00:02:00Z"))
            #expect(try bed.requestCreations() == 1)
            let table = try await bed.cluster.kubectl("get", "rsched", "nightly", "-n", bed.namespace)
            #expect(table.contains("NEXT") && table.contains("-01-01T00:00:00Z"), "\(table)")
        }
    }

    /// Once more under the same name, as people do; kubectl lets them, since the first tick has gone.
    @Test func kubectlRunsAScheduleAtOnceAndAgain() async throws {
        try await TestBed.run { bed in
            try await bed.createPipeline()
            try await bed.createSchedule(more: "suspend: true")
            try await bed.wait(forSchedule: "nightly", reason: Reason.suspended)
            for count in 1...2 {
                try await bed.cluster.runNow("nightly", as: "now", in: bed.namespace)
                try await bed.cluster.wait(
                    forAll: ReportRequest.self, selector: ReportsAPI.scheduleSelector, in: bed.namespace, "run \(count)"
                ) { $0.count { $0.status?.phase == .succeeded } == count }
                try await bed.cluster.wait(for: Tick.self, "now", in: bed.namespace, "is gone") { $0 == nil }
            }
            let names = try await bed.scheduledRequests().map(\.metadata.name)
            #expect(names.first == "now" && names.last?.hasPrefix("now-") == true, "\(names)")
            let status = try await bed.wait(forSchedule: "nightly", "is done") { $0.status?.activeCount == 0 }.status
            #expect(status?.lastScheduleTime == nil, "nobody scheduled it")
        }
    }

    @Test func nextTickReplacesTheRunThatGoesOn() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(more: "concurrency: {limit: 2}")
            try await bed.createSchedule(more: "concurrencyPolicy: Replace")
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let first = try await bed.tick(minute: 1)
            try await bed.pod(of: "one", request: first.metadata.name)
            try await bed.delete(first)
            let second = try await bed.tick(minute: 2)
            let replaced = try await bed.wait(for: first.metadata.name, phase: .cancelled)
            #expect(replaced.status?.reason == Reason.replaced)
            #expect(replaced.status?.message?.contains("tick") == true, "\(replaced.status?.message ?? "")")
            try await bed.release(second.metadata.name)
            try await bed.wait(for: second.metadata.name, phase: .succeeded)
            try await bed.waitUntilGone(second)
            // A person has the last word: the resumed run is nobody's to replace.
            try await bed.patchRequest(first.metadata.name, "spec: {attempt: 2, cancel: false}")
            try await bed.kubelet.end(
                try await bed.pod(of: "one", request: first.metadata.name, attempt: 2), exitCode: 0)
            try await bed.wait(for: first.metadata.name, phase: .succeeded)
        }
    }

    @Test func anEditReachesTheNextRunAndNotTheOneThatGoesOn() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline(more: "{parameters: [{name: p, type: string}], concurrency: {limit: 2}}")
            try await bed.createSchedule(more: "{concurrencyPolicy: Allow, request: {spec: {parameters: {p: old}}}}")
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let first = try await bed.tick(minute: 1)
            try await bed.pod(of: "one", request: first.metadata.name)
            let before = try await bed.cronJob()
            try await bed.patchSchedule(
                "nightly", "spec: {schedule: 5 0 1 1 *, request: {spec: {parameters: {p: new}}}}")
            let after = try await bed.wait(forCronJob: "nightly", "edited") {
                $0?["spec"]?["schedule"] == "5 0 1 1 *"
            }
            #expect(after["metadata"]?["uid"] == before?["metadata"]?["uid"])
            let second = try await bed.tick(minute: 2)
            let new = try await bed.wait(for: second.metadata.name, phase: .running)
            #expect(new.spec.value?.parameters == ["p": "new"])
            let old = try await bed.wait(for: first.metadata.name, phase: .running)
            #expect(old.spec.value?.parameters == ["p": "old"])
            for tick in [first, second] {
                try await bed.release(tick.metadata.name)
                try await bed.wait(for: tick.metadata.name, phase: .succeeded)
                try await bed.waitUntilGone(tick)
            }
        }
    }

    /// The garbage collector takes the CronJob and its ticks; what runs goes on.
    @Test(arguments: ["background", "foreground"])
    func deletedScheduleLeavesWhatRunsToFinish(propagation: String) async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let tick = try await bed.tick(minute: 1)
            let name = tick.metadata.name
            try await bed.pod(of: "one", request: name)
            try await bed.cluster.kubectl(
                "delete", "rsched", "nightly", "-n", bed.namespace, "--cascade=\(propagation)", "--timeout=60s")
            try await bed.waitUntilGone(tick)
            try await bed.wait(forCronJob: "nightly", "gone") { $0 == nil }
            try await bed.wait(for: name, "is let go") { $0.metadata.finalizers.isEmpty }
            try await bed.release(name)
            let done = try await bed.wait(for: name, phase: .succeeded)
            #expect(done.spec.value?.cancel == nil)
        }
    }

    @Test func deletedCronJobIsPutBackAndTakesNoRunAlong() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let before = try await bed.cronJob()
            let tick = try await bed.tick(minute: 1)
            let name = tick.metadata.name
            try await bed.pod(of: "one", request: name)
            try await bed.cluster.kubectl("delete", "cronjob", "nightly", "-n", bed.namespace)
            try await bed.wait(forCronJob: "nightly", "put back") {
                $0 != nil && $0?["metadata"]?["uid"] != before?["metadata"]?["uid"]
            }
            try await bed.waitUntilGone(tick)
            let next = try await bed.tick(minute: 2)
            try await bed.wait(for: next.metadata.name, "waits for its turn") { $0.status?.phase == .queued }
            try await bed.release(name)
            let done = try await bed.wait(for: name, phase: .succeeded)
            #expect(done.spec.value?.cancel == nil)
            try await bed.release(next.metadata.name)
            try await bed.wait(for: next.metadata.name, phase: .succeeded)
            try await bed.waitUntilGone(next)
        }
    }

    @Test func requestThatAPersonDeletesIsNotMadeAgain() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let tick = try await bed.tick(minute: 1)
            try await bed.pod(of: "one", request: tick.metadata.name)
            try await bed.deleteRequest(tick.metadata.name)
            try await bed.waitUntilGone(tick)
            try await bed.cluster.wait(for: ReportRequest.self, tick.metadata.name, in: bed.namespace, "gone") {
                $0 == nil
            }
            let next = try await bed.tick(minute: 2)
            try await bed.wait(for: next.metadata.name, phase: .running)
            #expect(try bed.requestCreations() == 2)
        }
    }

    @Test func tickGoesAlthoughItsRequestHasLostItsLabel() async throws {
        try await TestBed.run(fate: { _ in .runs }) { bed in
            try await bed.createPipeline()
            try await bed.createSchedule()
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            let tick = try await bed.tick(minute: 1)
            let name = tick.metadata.name
            try await bed.wait(for: name, phase: .running)
            try await bed.wait(for: name, "is let go") { $0.metadata.finalizers.isEmpty }
            try await bed.cluster.kubectl(
                "label", "rr", name, "-n", bed.namespace, "\(ReportsAPI.Label.scheduleUID)-")
            try await bed.wait(for: name, "has lost it") { $0.metadata.labels[ReportsAPI.Label.scheduleUID] == nil }
            try await bed.release(name)
            try await bed.wait(for: name, phase: .succeeded)
            try await bed.waitUntilGone(tick)
            try await bed.wait(forSchedule: "nightly", "tells of no run") { $0.status?.activeCount == 0 }
        }
    }

    @Test func onlySoManyFinishedRequestsAreKept() async throws {
        try await TestBed.run(fate: { pod in pod.request.hasSuffix("4") ? .fails(exitCode: 1, message: "") : .succeeds }
        ) {
            bed in
            try await bed.createPipeline(more: "concurrency: {limit: 5}")
            try await bed.createSchedule(more: "{concurrencyPolicy: Allow, history: {succeeded: 2, failed: 0}}")
            try await bed.wait(forSchedule: "nightly", reason: Reason.scheduled)
            var ticks: [Tick] = []
            for minute in Int64(1)...5 {
                let tick = try await bed.tick(minute: minute)
                ticks.append(tick)
                try await bed.waitUntilGone(tick)
            }
            let kept = try await bed.cluster.wait(
                forAll: ReportRequest.self, selector: ReportsAPI.scheduleSelector, in: bed.namespace, "two are left"
            ) { $0.count == 2 }
            let expected = ticks.map(\.metadata.name).filter { !$0.hasSuffix("4") }.suffix(2)
            #expect(Set(kept.map(\.metadata.name)) == Set(expected))
        }
    }
}

extension TestBed {
    fileprivate func setHolidays(_ text: String, isNew: Bool = false) async throws {
        let data = JSONValue.object(["data": .object(["holidays": .string(text)])])
        guard isNew else {
            _ = try await cluster.client.patch(ConfigMap.self, name: "plant", namespace: namespace, merge: data)
            return
        }
        let manifest = JSONValue.object([
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": .object(["name": "plant"]),
        ])
        _ = try await cluster.client.create(ConfigMap.self, manifest: manifest.merging(data), namespace: namespace)
    }
}
