import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportPlanning

/// What can't be taken back rests on the API server's own word, not on a cache.
extension RunApplier {
    func confirmJobIsGone(_ name: String, of request: ReportRequest) async throws {
        // Somebody else's under that name, or another one: ours is gone.
        guard let found = try await writer.find(Job.self, name: name, namespace: request.metadata.namespace),
            found.requestUID == request.metadata.uid,
            found.metadata.uid == uid(ofJob: name, request) ?? found.metadata.uid
        else { return }
        guard try await takeBack(found, of: request) else { return }
        throw Stale(what: "the Job is there, but the watch hasn't delivered it yet")
    }

    func confirmNothingRuns(of request: ReportRequest) async throws {
        let (namespace, selector) = (
            request.metadata.namespace, "\(ReportsAPI.Label.requestUID)=\(request.metadata.uid)"
        )
        // Jobs first: one that isn't finished may have a pod the next moment.
        let jobs = try await writer.client.listAll(Job.self, namespace: namespace, labelSelector: selector) { job in
            job.requestUID == request.metadata.uid ? job.trimmedForCache : nil
        }
        let own = jobs.kept
        let uids = Set(own.map(\.metadata.uid))
        // Before the pods: a Job that is found there may have made one.
        try await confirmNothingIsHidden(besides: own, of: request)
        // Anybody there may make pods with that label.
        let pods = try await writer.client.listAll(Pod.self, namespace: namespace, labelSelector: selector) {
            (pod) -> Pod? in
            guard let job = pod.metadata.controller(of: Job.resourceKind) else { return nil }
            return uids.contains(job.uid) || request.owns(pod) ? pod : nil
        }
        let unfinished = own.filter { !$0.isFinished && !$0.isSpent(by: pods.kept) }
        for job in unfinished { cache.jobs.record(job) }
        // Of what can't be read it is known whose it is: others can't hold a run up by it.
        let isUnread = jobs.undecodable.contains { $0.controller?.uid == request.metadata.uid }
        guard unfinished.isEmpty, !isUnread else {
            throw Stale(what: "a Job isn't finished, but the watch hasn't delivered it yet")
        }
        let live = pods.kept.filter { !$0.hasEnded }
        for pod in live { cache.pods.record(pod) }
        let jobNames = Set((request.status?.stages ?? []).compactMap(\.job))
        let isHidden = pods.undecodable.contains { pod in
            pod.controller.map { uids.contains($0.uid) || jobNames.contains($0.name) } ?? false
        }
        guard live.isEmpty, !isHidden else {
            throw Stale(what: "a pod still runs, but the watch hasn't delivered it yet")
        }
    }

    /// A Job without our label is in no list; it is asked for by its name.
    private func confirmNothingIsHidden(besides listed: [Job], of request: ReportRequest) async throws {
        let names = Set(listed.map(\.metadata.name))
        for stage in request.status?.stages ?? [] where stage.phase == .running {
            guard let name = stage.job, !names.contains(name) else { continue }
            guard let found = try await writer.find(Job.self, name: name, namespace: request.metadata.namespace),
                found.requestUID == request.metadata.uid, !found.isFinished
            else { continue }
            guard try await takeBack(found, of: request) else { continue }
            throw Stale(what: "a Job isn't finished, and had lost its label")
        }
    }

    /// Puts a Job that the API server has into the cache, with the label by which it is watched where somebody has taken
    /// that off.
    ///
    /// - Returns: false where it loses that label again and again. Then it is deleted, since nobody would see its end.
    @discardableResult
    func takeBack(_ job: Job, of request: ReportRequest) async throws -> Bool {
        guard job.metadata.labels[ReportsAPI.Label.requestUID] == nil else {
            cache.jobs.record(job, cameBack: true)
            return true
        }
        var metadata = request.logMetadata
        metadata["job"] = "\(job.metadata.name)"
        guard made.mayLabel(job.metadata.uid) else {
            logger.warning("A Job has lost its label again and again, and is deleted", metadata: metadata)
            let options = DeleteOptions(propagation: .foreground, uid: job.metadata.uid)
            _ = try await writer.delete(
                Job.self, name: job.metadata.name, namespace: job.metadata.namespace, options: options)
            return false
        }
        logger.warning("A Job has lost the label by which it is watched, which is put back", metadata: metadata)
        let patch = JSONValue.object([
            "metadata": .object([
                "uid": .string(job.metadata.uid),
                "labels": .strings([ReportsAPI.Label.requestUID: request.metadata.uid]),
            ])
        ])
        let written = try await writer.patch(
            cache.jobs, name: job.metadata.name, namespace: job.metadata.namespace, merge: patch)
        if let written { cache.jobs.record(written, cameBack: true) }
        return true
    }

    /// The uid of the Job that was made under that name, as far as that is known.
    private func uid(ofJob name: String, _ request: ReportRequest) -> String? {
        made.of(request.metadata.uid)[name] ?? request.status?.stages?.first { $0.job == name }?.jobUID
    }
}
