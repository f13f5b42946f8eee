internal import AsyncSupport
internal import ControllerRuntime
internal import DeliveryPlanning
internal import FoundationEssentials
internal import GatewayAPI
internal import HTTPTypes
internal import Hummingbird
internal import KubernetesClient
internal import KubernetesModel
internal import Logging
internal import ReportAPI
internal import ReportPlanning

/// Where Alertmanager reports alerts. The trigger's own token decides who may; what is written, the gateway writes as
/// itself: the alerts in the trigger's status, and nothing else.
struct AlertRoutes: Sendable {
    /// How often a write that met a newer trigger is tried again, and after how long.
    private static let (attempts, pause) = (20, Duration.milliseconds(100))

    let triggers: Store<ReportTrigger>
    /// Of the courier's namespace.
    let channels: Store<ReportChannel>
    /// The gateway's own.
    let client: KubernetesClient
    let limiter: RateLimiter
    let logger: Logger
    let now: @Sendable () -> Date
    /// One write at a time: two of one trigger would only refuse each other, and no trigger keeps another one waiting.
    private let turns = FairTurns(1)

    init(
        triggers: Store<ReportTrigger>, channels: Store<ReportChannel>, client: KubernetesClient, limiter: RateLimiter,
        logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.triggers = triggers
        self.channels = channels
        self.client = client
        self.limiter = limiter
        self.logger = logger
        self.now = now
    }

    func add(to routes: inout Routes) {
        routes.on(.post, "/api/v1/alerts/:namespace/:trigger") { request, context in
            try await take(request, context)
        }
    }

    private func take(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard triggers.hasSynced else {
            throw Problem.unavailable(
                "The gateway doesn't see any triggers yet: it has just begun, their definition isn't installed, or its "
                    + "service account may not list reporttriggers.", retryAfter: 5)
        }
        let key = ObjectKey(
            namespace: try context.parameters.require("namespace"), name: try context.parameters.require("trigger"))
        try authenticate(request, key, context)
        context.note.note(user: "trigger \(key)")
        let notices = try AlertsBody(try await BodyReader.json(request)).notices
        try await keep(notices, key)
        return .noContent()
    }

    // MARK: Who reports

    /// The same answer whether there is no such trigger or the token is another.
    private func authenticate(_ request: Request, _ key: ObjectKey, _ context: GatewayContext) throws {
        let authorizations = request.headers[values: .authorization]
        let parts = authorizations.first?.split(separator: " ", maxSplits: 1) ?? []
        if authorizations.count == 1, parts.count == 2, parts[0].lowercased() == "bearer",
            let wanted = triggers.get(key)?.spec.value?.tokenSHA256,
            Self.isSame(Authenticator.digest(String(parts[1])), wanted)
        {
            return
        }
        if let seconds = limiter.wait(for: "address \(context.note.value.client ?? "unknown")") {
            throw Problem.tooManyRequests(retryAfter: seconds)
        }
        throw Problem.unauthorized(
            "There is no such trigger, or its spec.tokenSHA256 isn't the SHA-256 of the bearer token that was sent.")
    }

    /// Takes as long wherever the first difference is.
    static func isSame(_ text: String, _ other: String) -> Bool {
        guard text.utf8.count == other.utf8.count else { return false }
        return zip(text.utf8, other.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    // MARK: What is kept

    private func keep(_ notices: [AlertNotice], _ key: ObjectKey) async throws {
        // Most notices say nothing new, and wait for nobody.
        guard try patch(of: notices, key) != nil else { return }
        try await turns.take(for: "\(key)")
        defer { turns.giveBack() }
        for attempt in 0..<Self.attempts {
            if attempt > 0 { try await Task.sleep(for: Self.pause) }
            guard let patch = try patch(of: notices, key) else { return }
            switch await Result(catching: { () async throws(KubernetesError) in
                try await client.patch(
                    ReportTrigger.self, name: key.name, namespace: key.namespace, merge: patch, subresource: .status)
            }) {
            case .success(let written): return triggers.record(written)
            // The operator, or another gateway, has written meanwhile; the watch brings it.
            case .failure(let error) where error.isConflict: continue
            case .failure(let error) where error.isNotFound: throw Problem.notFound
            case .failure(let error):
                logger.error(
                    "Can't write the alerts of a trigger",
                    metadata: [
                        "trigger": "\(key)", "error": "\(error)",
                        "advice": "allow the gateway's service account to patch reporttriggers/status, if that is it",
                    ])
                throw Problem.unavailable(
                    "The alerts can't be written now, and the gateway's log says why: send them again.", retryAfter: 5)
            }
        }
        throw Problem.unavailable("The trigger changes too fast: send the alerts again.", retryAfter: 1)
    }

    /// What is to be written of the notices, on the newest version that is known; nil where they say nothing new.
    private func patch(of notices: [AlertNotice], _ key: ObjectKey) throws -> AlertsPatch? {
        guard let trigger = triggers.get(key) else { throw Problem.notFound }
        var book = AlertBook(
            trigger.status?.alerts ?? [], try Self.template(of: trigger), ticket: ticket(of: trigger))
        book.take(notices, now: Timestamp(now()))
        if book.turnedAway > 0 {
            // The trigger's condition says so; here each notice would.
            logger.debug(
                "No room for more alerts of a trigger",
                metadata: ["trigger": "\(key)", "alerts": "\(book.turnedAway)"])
        }
        return book.isChanged ? AlertsPatch(trigger, book.alerts) : nil
    }

    /// What its ticket asks for of alerts; nil where it has none, or the channel takes none.
    private func ticket(of trigger: ReportTrigger) -> TicketTemplate? {
        guard let name = trigger.spec.value?.ticket?.channel,
            let webhook = channels.all().first(where: { $0.metadata.name.isSame(as: name) })?.spec.value?.webhook
        else { return nil }
        return try? TicketTemplate(webhook)
    }

    private static func template(of trigger: ReportTrigger) throws -> TriggerTemplate {
        switch trigger.spec {
        case .fault(let fault): throw Problem.conflict("the trigger is invalid: \(fault)")
        case .value(let spec):
            do throws(TriggerTemplate.Faults) {
                return try TriggerTemplate(spec)
            } catch {
                throw Problem.conflict("the trigger is invalid: \(error)")
            }
        }
    }
}

/// The merge patch of a trigger's alerts alone, on the version that they rest on.
private struct AlertsPatch: Encodable, Sendable {
    private struct Metadata: Encodable {
        let resourceVersion: String
    }

    private struct Status: Encodable {
        let alerts: [ReportTriggerStatus.Alert]
    }

    private let metadata: Metadata
    private let status: Status

    init(_ trigger: ReportTrigger, _ alerts: [ReportTriggerStatus.Alert]) {
        metadata = Metadata(resourceVersion: trigger.metadata.resourceVersion)
        status = Status(alerts: alerts)
    }
}
