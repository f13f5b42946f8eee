internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird
internal import KubernetesClient
internal import KubernetesModel
internal import ReportAPI
internal import ReportClient
internal import ZoneFiles

extension Gateway {
    private func view(_ schedule: ReportSchedule) -> ScheduleView {
        ScheduleView(schedule, now: Timestamp(Date())) { try? zones.rules($0) }
    }

    func listSchedules(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try ScheduleListQuery(request.uri.query)
        let visible = try await visible(.schedules, caller, only: query.namespace)
        let views = cache.schedules.all()
            .filter { schedule in
                guard visible?.contains(schedule.metadata.namespace) ?? true else { return false }
                guard let pipeline = query.pipeline else { return true }
                return schedule.spec.value?.request.spec.pipelineRef?.name == pipeline
            }.map(view)
        return .json(query.page.of(views) { ObjectKey(namespace: $0.namespace, name: $0.name) })
    }

    func getSchedule(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        try NoQuery(request.uri.query).ignore()
        return .json(view(try await schedule(context, caller)))
    }

    private func schedule(_ context: GatewayContext, _ caller: Caller) async throws -> ReportSchedule {
        let key = try context.objectKey()
        try await requireSight(caller, .schedules, in: key.namespace)
        guard let schedule = cache.schedules.get(key) else { throw Problem.notFound }
        return schedule
    }

    func previewSchedule(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try SchedulePreviewQuery(request.uri.query)
        return .json(try SchedulePreviewView(query, now: Timestamp(Date())) { try? zones.rules($0) })
    }

    func createSchedule(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        _ = try Names.idempotencyKey(request.headers[.idempotencyKey])
        let body = try NewScheduleBody(try await BodyReader.json(request))
        try await require(caller, .create, .schedules, in: body.namespace)
        let pipeline = try await pipeline(body.wish, caller, in: body.namespace)
        let requester = try await requester(body.wish, caller, in: body.namespace)
        let faults = body.faults(
            pipeline: pipeline, channels: channels, requester: requester, now: Timestamp(Date())
        ) { try? zones.rules($0) }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let client = try clients.client(for: caller)
        // Its name is chosen, so that a second try meets the first: the same body is the same schedule.
        let fingerprint = IdempotentName.bodyFingerprint(body.json, hash: Self.hash)
        let manifest = try Manifests.schedule(
            name: body.name, labels: [IdempotentName.bodyLabel: fingerprint], spec: body.spec(for: requester))
        let outcome = try await NamedCreation().run { () throws(KubernetesError) in
            try await client.create(ReportSchedule.self, manifest: manifest, namespace: body.namespace)
        }
        switch outcome {
        case .created(let made):
            cache.schedules.record(made)
            return .json(view(made), status: .created)
        case .exists(let isRepeated):
            let there = try await client.get(ReportSchedule.self, name: body.name, namespace: body.namespace)
            let isSame = there.metadata.labels[IdempotentName.bodyLabel] == fingerprint
            guard isSame, isRepeated || request.headers[.idempotencyKey] != nil else {
                throw Problem.conflict("There is a schedule called \(body.name) in \(body.namespace): change that one.")
            }
            return .json(view(there), status: .created)
        case .unknown(let error):
            throw Problem.unavailable("Whether it was created isn't known: look before you try again. \(error.message)")
        }
    }

    func replaceSchedule(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let there = try await schedule(context, caller)
        let key = there.key
        try await require(caller, .patch, .schedules, in: key.namespace)
        let body = try ScheduleReplacementBody(try await BodyReader.json(request))
        if let version = body.resourceVersion, version != there.metadata.resourceVersion {
            throw Problem.conflict("The schedule has been changed meanwhile: load it again, and then change it.")
        }
        let pipeline = try await pipeline(body.wish, caller, in: key.namespace)
        let requester = try await requester(
            body.wish, caller, in: key.namespace, kept: there.spec.value?.request.spec.requester)
        let faults = body.faults(
            pipeline: pipeline, channels: channels, requester: requester, now: Timestamp(Date())
        ) { try? zones.rules($0) }
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let spec = body.spec(for: requester, replacing: there.spec.value)
        let manifest = try Manifests.schedule(
            name: key.name, resourceVersion: body.resourceVersion, spec: spec)
        let written = try await clients.client(for: caller).patch(
            ReportSchedule.self, name: key.name, namespace: key.namespace,
            merge: manifest.replacing(specOf: there.spec.value))
        cache.schedules.record(written)
        return .json(view(written))
    }

    /// Whose the schedule is stays as it is, unless another is named.
    private func requester(
        _ wish: RequestWish, _ caller: Caller, in namespace: String, kept: ReportRequestSpec.Requester?
    ) async throws -> Person {
        if wish.requester == nil, let kept { return Person(kept) }
        return try await requester(wish, caller, in: namespace)
    }

    func patchSchedule(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let key = try await schedule(context, caller).key
        let body = try SchedulePatchBody(try await BodyReader.json(request))
        let written = try await clients.client(for: caller).patch(
            ReportSchedule.self, name: key.name, namespace: key.namespace, merge: body.mergePatch)
        cache.schedules.record(written)
        return .json(view(written))
    }

    func deleteSchedule(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let key = try await schedule(context, caller).key
        try await clients.client(for: caller).delete(
            ReportSchedule.self, name: key.name, namespace: key.namespace,
            options: DeleteOptions(propagation: .background))
        return .noContent()
    }

    func runScheduleNow(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let schedule = try await schedule(context, caller)
        let cluster = try cluster(caller, schedule.metadata.namespace)
        do {
            let tick = try await cluster.tick(schedule)
            let made = try await cluster.request(of: tick, schedule: schedule.metadata.name, within: 25)
            context.note.note(reportID: made.metadata.uid)
            return .json(await view(made), status: .accepted)
        } catch ClientError.schedule(let refusal, _) {
            throw Problem.conflict(refusal.sentence)
        }
    }
}

extension ScheduleRefusal {
    fileprivate var sentence: String {
        switch self {
        case .notReady(let why): "The schedule isn't ready: \(why)"
        case .withoutCronJob(let why): "The operator hasn't set the schedule up yet. \(why ?? "Try again in a moment.")"
        case .cronJobGone(let name): "The schedule's CronJob \(name) is gone: the operator makes it again in a moment."
        case .unanswered(let job, let seconds):
            """
            The operator has made no request of the Job \(job) within \(seconds) seconds. It will when it is there again; \
            don't ask twice.
            """
        }
    }
}

extension JSONValue {
    /// A merge patch after which an object's spec is exactly this one's: what the earlier had and this hasn't is removed.
    fileprivate func replacing(specOf earlier: ReportScheduleSpec?) throws -> JSONValue {
        guard let earlier, case .object(var whole) = self, let spec = whole["spec"] else { return self }
        let before = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(earlier))
        whole["spec"] = spec.covering(before)
        whole["metadata"] = whole["metadata"].map { metadata in
            guard case .object(var members) = metadata else { return metadata }
            members["name"] = nil
            return .object(members)
        }
        return .object(whole)
    }

    private func covering(_ before: JSONValue) -> JSONValue {
        guard case .object(var members) = self, case .object(let earlier) = before else { return self }
        for (key, value) in earlier {
            members[key] = members[key].map { $0.covering(value) } ?? .null
        }
        return .object(members)
    }
}
