import AsyncSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning

extension ScheduleApplier {
    // MARK: CronJobs

    func createCronJob(_ name: String, _ manifest: JSONValue, for subject: Subject) async throws {
        // Its own version: what the server has may have become another since it was planned.
        let version = manifest["apiVersion"]?.string?.split(separator: "/").last.map(String.init)
        let kind = version.map(CronJob.kind) ?? api.kind
        switch try await writer.create(CronJob.self, kind: kind, manifest: manifest, namespace: subject.namespace) {
        case .created(let created):
            try take(created, wanting: manifest, in: subject)
            log("Created CronJob", "cronjob", name, of: subject)
        case .nameIsTaken:
            guard let found = try await find(CronJob.self, kind: api.kind, name: name, in: subject) else {
                throw Stale(what: "the CronJob has just gone")
            }
            guard found.metadata.controller?.uid == subject.uid else { throw setback(.taken, of: name, in: subject) }
            // Made by an earlier pass whose answer was lost, or it has lost the label by which it is watched.
            let there = JSONValue.object(["resourceVersion": .string(found.metadata.resourceVersion)])
            let labels = JSONValue.compact(["labels": manifest["metadata"]?["labels"]])
            try await updateCronJob(
                name, .compact(["metadata": there.merging(labels), "spec": manifest["spec"]]), for: subject)
        case .refused(let message): throw setback(.refused(message), of: name, in: subject)
        case .postponed(let message): throw setback(.postponed(message), of: name, in: subject)
        }
    }

    /// By the client itself and not by the writer: a version that is served no more isn't the same as a CronJob that is gone,
    /// and a refusal counts as that of a creation. Each try asks for the lease all the same.
    func updateCronJob(_ name: String, _ patch: JSONValue, for subject: Subject) async throws {
        switch await Result(catching: { () async throws(KubernetesError) in
            try await writer.client.patch(
                CronJob.self, kind: api.kind, name: name, namespace: subject.namespace, merge: patch)
        }) {
        case .success(let written):
            try take(written, wanting: patch, in: subject)
            log("Changed CronJob", "cronjob", name, of: subject)
        // Not where the server has no such version any more: that lasts until it is asked again.
        case .failure(let error) where error.reason == "NotFound" || error.isConflict:
            throw Stale(what: "the CronJob has changed since it was read")
        case .failure(let error):
            switch error.creationVerdict {
            case .refused: throw setback(.refused(error.message), of: name, in: subject)
            case .postponed: throw setback(.postponed(error.message), of: name, in: subject)
            case .unknown: throw error
            }
        }
    }

    private func take(_ cronJob: CronJob, wanting manifest: JSONValue, in subject: Subject) throws {
        let name = cronJob.metadata.name
        cache.cronJobs.record(cronJob)
        if let zone = manifest["spec"]?["timeZone"]?.string, cronJob.spec.timeZone != zone {
            throw setback(.zoneDropped, of: name, in: subject)
        }
        setbacks.clear(name, owner: subject.uid)
    }

    // MARK: Requests

    /// Once, whatever an earlier pass or an earlier operator has done: a request that is made keeps its finalizer until
    /// its tick says so, so a tick that says nothing has none, or one under these two names.
    func create(_ request: TickRequest, of tick: Tick, for subject: Subject) async throws {
        // Both at once, since a report at a certain time is waited for. Which is read first doesn't matter: only passes for
        // this schedule make either request, and there is one pass at a time.
        async let liveTick = find(Tick.self, name: tick.metadata.name, in: subject)
        async let otherRequest = find(ReportRequest.self, name: request.otherName, in: subject)
        guard let live = try await liveTick, live.metadata.uid == tick.metadata.uid, !live.metadata.isDeleting,
            live.served == nil
        else { throw Stale(what: "the tick is gone or served, but the watch hasn't delivered it yet") }
        if let found = try await otherRequest, found.isOf(tick, subject) {
            return cache.requests.record(found.trimmedForCache)
        }
        if try await create(request, under: request.name, of: tick, for: subject) { return }
        if try await create(request, under: request.otherName, of: tick, for: subject) { return }
        throw setback(.taken, of: tick.metadata.uid, in: subject)
    }

    func confirmUnserved(_ tick: Tick, _ names: [String], in subject: Subject) async throws {
        for name in names {
            guard let found = try await find(ReportRequest.self, name: name, in: subject), found.isOf(tick, subject)
            else { continue }
            cache.requests.record(found.trimmedForCache)
            throw Stale(what: "the tick's request is there, but the watch hasn't delivered it yet")
        }
    }

    /// - Returns: false where something else has the name.
    private func create(
        _ request: TickRequest, under name: String, of tick: Tick, for subject: Subject
    ) async throws -> Bool {
        let creation = try await writer.create(
            ReportRequest.self, manifest: request.named(name), namespace: subject.namespace)
        switch creation {
        case .created(let created):
            setbacks.clear(tick.metadata.uid, owner: subject.uid)
            cache.requests.record(created.trimmedForCache)
            metrics.served.increment()
            log("Created request of tick", "request", name, of: subject)
            return true
        case .nameIsTaken:
            guard let found = try await find(ReportRequest.self, name: name, in: subject), found.isOf(tick, subject)
            else {
                return false
            }
            cache.requests.record(found.trimmedForCache)
            return true
        case .refused(let message): throw setback(.refused(message), of: tick.metadata.uid, in: subject)
        case .postponed(let message): throw setback(.postponed(message), of: tick.metadata.uid, in: subject)
        }
    }

}

extension ReportRequest {
    fileprivate func isOf(_ tick: Tick, _ subject: ScheduleApplier.Subject) -> Bool {
        metadata.labels[ReportsAPI.Label.tickUID] == tick.metadata.uid && isMade(forSchedule: subject.uid)
    }
}
