public import KubernetesModel
public import Logging

/// Speaks to one API server: Kubernetes' verbs on typed resources, in JSON.
///
/// A request is repeated only where that does no harm; see `RetryPolicy`. Each operation throws `KubernetesError`.
/// For example:
///
///     let job = try await client.get(Job.self, name: "report-1", namespace: "team-a")
///
/// `kind` says where a type lives on this server, where that isn't the same on all: a CronJob's version.
public struct KubernetesClient: Sendable {
    let sender: RequestSender
    /// The namespace that the configuration names.
    public let namespace: String
    let mayWrite: (@Sendable () -> Bool)?

    /// `userAgent` is sent with each request, and up to its first slash it is the writes' field manager too;
    /// `observer` is told of every attempt.
    public init(
        configuration: ClientConfiguration,
        userAgent: String,
        logger: Logger,
        observer: (any RequestObserver)? = nil
    ) {
        self.init(
            sender: RequestSender(
                configuration: configuration, userAgent: userAgent, logger: logger, observer: observer),
            namespace: configuration.namespace
        )
        for warning in configuration.warnings {
            logger.warning("Client configuration", metadata: ["warning": "\(warning)"])
        }
    }

    /// Speaks to a server by way of that transport, without credentials; `pause` waits before a request is repeated.
    public init(
        over transport: any APITransport,
        userAgent: String,
        logger: Logger,
        pause: @escaping @Sendable (Duration) async throws(CancellationError) -> Void
    ) {
        let configuration = ClientConfiguration(server: "http://in-process")
        self.init(
            sender: RequestSender(
                configuration: configuration, userAgent: userAgent, logger: logger, observer: nil,
                transport: transport, pause: pause),
            namespace: configuration.namespace)
    }

    init(sender: RequestSender, namespace: String, mayWrite: (@Sendable () -> Bool)? = nil) {
        self.sender = sender
        self.namespace = namespace
        self.mayWrite = mayWrite
    }

    /// The same client, by the same connections; its writes fail as cancelled while `mayWrite` says no. It is asked before
    /// each attempt: between two, the lease may have gone to somebody else.
    public func writing(while mayWrite: @escaping @Sendable () -> Bool) -> KubernetesClient {
        KubernetesClient(sender: sender, namespace: namespace, mayWrite: mayWrite)
    }

    /// What time it is by the server's clock.
    public var serverClock: ServerClock { sender.serverClock }

    /// When the server has come back, where it was away.
    public var serverReturn: ServerReturn { sender.serverReturn }

    /// Fails all requests in flight and closes the connections. The client can't be used any more.
    public func shutdown() { sender.shutdown() }

    /// One object, as the store has it now. `namespace` is nil for what belongs to none.
    public func get<Resource: KubernetesResource>(
        _ type: Resource.Type, kind: ResourceKind = Resource.resourceKind, name: String, namespace: String?
    ) async throws(KubernetesError) -> Resource {
        let path = ResourcePath(kind, namespace: namespace, name: name)
        return try await sender.decoded(Resource.self, from: APIRequest(.get, path))
    }

    /// One page of a list, of all namespaces where `namespace` is nil. Items that don't decode are in `undecodable`
    /// and don't fail the rest. An answer beyond `options.byteLimit` fails as `isAnswerTooLarge`.
    public func list<Resource: KubernetesResource>(
        _ type: Resource.Type, kind: ResourceKind = Resource.resourceKind, namespace: String?,
        options: ListOptions = ListOptions()
    ) async throws(KubernetesError) -> ResourceList<Resource> {
        let path = ResourcePath(kind, namespace: namespace)
        var request = APIRequest(.list, path, query: options.query)
        request.timeouts = .list
        if let byteLimit = options.byteLimit { request.bodyLimit = byteLimit }
        return try await sender.decoded(from: request) { try ResourceList(reading: $0) }
    }

    /// Creates an object.
    ///
    /// The request can arrive twice: the transport sends it again when a kept connection turns out to be closed, and
    /// after an error with `outcomeUnknown` the caller must. So the manifest needs a name that follows from its cause,
    /// never `generateName`, and an `isAlreadyExists` is to be read as "perhaps by me": get it and look at its owner.
    public func create<Resource: KubernetesResource>(
        _ type: Resource.Type, kind: ResourceKind = Resource.resourceKind, manifest: some Encodable & Sendable,
        namespace: String
    ) async throws(KubernetesError) -> Resource {
        let path = ResourcePath(kind, namespace: namespace)
        var request = APIRequest(.create, path, query: [("fieldManager", sender.fieldManager)])
        try request.setBody(manifest, contentType: "application/json")
        request.mayBeSent = mayWrite
        return try await sender.decoded(Resource.self, from: request)
    }

    /// Lays `merge` over an object (RFC 7386): null removes a field, a list is replaced whole.
    ///
    /// The patch holds unconditionally unless it contains `metadata.resourceVersion`; then `isConflict` may come.
    public func patch<Resource: KubernetesResource>(
        _ type: Resource.Type,
        kind: ResourceKind = Resource.resourceKind,
        name: String,
        namespace: String,
        merge: some Encodable & Sendable,
        subresource: Subresource? = nil
    ) async throws(KubernetesError) -> Resource {
        let path = ResourcePath(kind, namespace: namespace, name: name, subresource: subresource)
        var request = APIRequest(.patch, path, query: [("fieldManager", sender.fieldManager)])
        try request.setBody(merge, contentType: "application/merge-patch+json")
        request.mayBeSent = mayWrite
        return try await sender.decoded(Resource.self, from: request)
    }

    /// Deletes an object. `isNotFound` means that it is gone already, `isConflict` that a precondition doesn't hold.
    public func delete<Resource: KubernetesResource>(
        _ type: Resource.Type, name: String, namespace: String, options: DeleteOptions
    ) async throws(KubernetesError) {
        let path = ResourcePath(Resource.resourceKind, namespace: namespace, name: name)
        var request = APIRequest(.delete, path)
        try request.setBody(options, contentType: "application/json")
        request.mayBeSent = mayWrite
        _ = try await sender.send(request)
    }

    /// Begins a watch, of all namespaces where `namespace` is nil. It isn't repeated when it fails: a caller that keeps a
    /// watch up knows when, and from which version.
    public func watch<Resource: KubernetesResource>(
        _ type: Resource.Type, kind: ResourceKind = Resource.resourceKind, namespace: String?,
        options: WatchOptions = WatchOptions()
    ) async throws(KubernetesError) -> WatchStream<Resource> {
        let path = ResourcePath(kind, namespace: namespace)
        var request = APIRequest(.watch, path, query: options.query)
        request.timeouts = options.timeouts
        return WatchStream(try await sender.stream(request), operation: request.operation, sender: sender)
    }
}
