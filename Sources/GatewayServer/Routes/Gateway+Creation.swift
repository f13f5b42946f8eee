internal import ControllerRuntime
internal import Digests
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird
internal import KubernetesClient
internal import KubernetesModel
internal import ReportAPI
internal import ReportClient

extension Gateway {
    /// Creates an object as the caller: with an `Idempotency-Key` once, however often it is sent.
    ///
    /// - Throws: `Problem`, or the `KubernetesError` of a creation that wasn't.
    func create<R: KubernetesResource>(
        _ caller: Caller, _ store: Store<R>, namespace: String, name: NewName, body: JSONValue,
        manifest: (_ name: String, _ labels: [String: String]) throws -> JSONValue
    ) async throws -> R {
        let client = try clients.client(for: caller)
        let object = name.text
        var labels: [String: String] = [:]
        if name.isKeyed { labels[IdempotentName.bodyLabel] = IdempotentName.bodyFingerprint(body, hash: Self.hash) }
        let whole = try manifest(object, labels)
        let outcome = try await NamedCreation().run { () throws(KubernetesError) in
            try await client.create(R.self, manifest: whole, namespace: namespace)
        }
        let made: R
        switch outcome {
        case .created(let created): made = created
        case .exists(let isRepeated):
            guard name.isKeyed || (name.isUnique && isRepeated) else {
                throw Problem.conflict("There is one called \(object) in \(namespace): choose another name.")
            }
            made = try await client.get(R.self, name: object, namespace: namespace)
            guard !name.isKeyed || made.metadata.labels[IdempotentName.bodyLabel] == labels[IdempotentName.bodyLabel]
            else { throw Problem.keyUsedTwice }
        case .unknown(let error):
            throw Problem.unavailable(
                "Whether it was created isn't known: look at the list before you ask again. \(error.message)",
                retryAfter: 5)
        }
        store.record(made)
        return made
    }

    static func hash(_ bytes: [UInt8]) -> [UInt8] { HMACSHA256.of(bytes, key: Array("reports.ers.dev".utf8)) }

    /// Who counts as the requester, and whether it may be somebody else.
    func requester(_ wish: RequestWish, _ caller: Caller, in namespace: String) async throws -> Person {
        let mayAskForOthers: Bool
        if wish.requester == nil {
            mayAskForOthers = false
        } else {
            mayAskForOthers = try await reviewer.may(
                caller, AccessReview(.requestForOthers, .requests, in: namespace))
        }
        return try wish.requester(caller: caller.person, mayAskForOthers: mayAskForOthers, namespace: namespace)
    }

    /// The pipeline of a wish, if the caller may see it.
    func pipeline(_ wish: RequestWish, _ caller: Caller, in namespace: String) async throws -> ReportPipeline {
        let mayRead = try await reviewer.may(caller, AccessReview(.get, .pipelines, in: namespace))
        guard mayRead, let found = cache.pipelines.get(ObjectKey(namespace: namespace, name: wish.pipeline)) else {
            throw Problem.invalid([
                FieldError(
                    "pipeline", value: .string(wish.pipeline),
                    "there is no such pipeline in \(namespace) that you may see; GET /pipelines lists them")
            ])
        }
        return found
    }

    var channels: KnownChannels { KnownChannels(cache.channels.all()) }

    func createRequest(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let key = try Names.idempotencyKey(request.headers[.idempotencyKey])
        let body = try NewRequestBody(try await BodyReader.json(request))
        try await require(caller, .create, .requests, in: body.namespace)
        let pipeline = try await pipeline(body.wish, caller, in: body.namespace)
        let requester = try await requester(body.wish, caller, in: body.namespace)
        let faults = body.faults(pipeline: pipeline, channels: channels, requester: requester)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        let name = NewName(
            given: body.name, kind: "request", base: body.wish.pipeline, caller: caller, namespace: body.namespace,
            key: key)
        let made = try await create(
            caller, cache.requests, namespace: body.namespace, name: name, body: body.json
        ) { name, labels in
            try Manifests.request(
                name: name, labels: labels, traceParent: request.headers[.traceParent].flatMap(TraceParent.init),
                spec: body.spec(for: requester))
        }
        context.note.note(reportID: made.metadata.uid)
        let location = "requests/\(made.metadata.namespace)/\(made.metadata.name)"
        return .json(await view(made), status: .created, headers: [.location: location])
    }
}

/// What something new is called.
struct NewName: Sendable {
    let text: String
    /// Made of an `Idempotency-Key`.
    let isKeyed: Bool
    /// Made so that nothing else has it.
    let isUnique: Bool

    /// The key comes before a name that is given: with it the same thing is asked for again.
    init(given: String?, kind: String, base: String, caller: Caller, namespace: String, key: String?) {
        isKeyed = key != nil && given == nil
        isUnique = given == nil && key == nil
        if let given {
            text = given
        } else if let key {
            text = IdempotentName.name(
                kind: kind, user: caller.user, namespace: namespace, key: key, hash: Gateway.hash)
        } else {
            text = Submission.uniqueName(base)
        }
    }
}
