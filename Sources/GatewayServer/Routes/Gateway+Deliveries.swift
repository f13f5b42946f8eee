internal import AsyncSupport
internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird
internal import KubernetesModel
internal import ReportAPI
internal import ReportClient
internal import ReportPlanning
internal import ReportRecords
internal import ReportStores

extension Gateway {
    func listChannels(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try ChannelListQuery(request.uri.query)
        // Callers who may send something in the namespace see the possible channels, and no more of them than that.
        guard try await reviewer.may(caller, AccessReview(.list, .deliveries, in: query.namespace)) else {
            return .json(GatewayAPI.ListPage(items: [ChannelView]()))
        }
        let channels = cache.channels.all().sorted { $0.key < $1.key }
            .filter { channel in
                // Where labels decide the courier does; who names another namespace alone admits none of these.
                guard let only = channel.spec.value?.allowedNamespaces.onlyNamespace else { return true }
                return only == query.namespace
            }
        return .json(
            GatewayAPI.ListPage(items: channels.compactMap { ChannelView($0, courierNamespace: courierNamespace) }))
    }

    /// Everything that is known of where a report went, the newest first, and why that may not be all.
    func deliveries(of report: SeenReport, _ caller: Caller) async throws -> (views: [DeliveryView], notice: String?) {
        guard try await reviewer.may(caller, AccessReview(.list, .deliveries, in: report.scope)) else {
            return ([], nil)
        }
        let (known, fault) = await known(of: report)
        return (known.map { DeliveryView($0) }, fault)
    }

    private func known(of report: SeenReport) async -> (deliveries: [KnownDelivery], fault: String?) {
        let live = cache.deliveries.indexed(by: GatewayCache.report, value: report.id)
            .filter { $0.metadata.namespace == report.namespace }
        // What is live is told while the record is away.
        guard let store = records?.store else { return (KnownDelivery.all(live, ledger: []), nil) }
        let asked = await Result { () async throws(StoreTrouble) in
            try await store.deliveries.copies(ofReport: report.id, limit: 5000)
        }
        switch asked {
        case .success(let copies): return (KnownDelivery.all(live, ledger: copies.readable), copies.fault)
        case .failure:
            return (
                KnownDelivery.all(live, ledger: []),
                "the record can't be asked now; deliveries whose resources are gone aren't shown until it can"
            )
        }
    }

    func listDeliveries(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try DeliveryListQuery(request.uri.query)
        var views: [DeliveryView]
        var notice: String?
        if let id = query.report {
            let report = try await report(id, for: caller, needsRecord: false)
            context.note.note(reportID: id)
            if let namespace = query.namespace, namespace != report.namespace { throw Problem.notFound }
            (views, notice) = try await deliveries(of: report, caller)
        } else {
            let visible = try await visible(.deliveries, caller, only: query.namespace)
            views = cache.deliveries.all().filter { visible?.contains($0.metadata.namespace) ?? true }
                .map { DeliveryView($0) }
        }
        var page = query.page.of(&views)
        page.notice = notice
        return .json(page)
    }

    /// Of what is in an archive from which nobody brings it back.
    private func refuseOffloaded(_ report: SeenReport) async throws {
        // While the record is away the courier finds out.
        guard let records, let result = try? await records.store.result(of: report.id) else { return }
        do {
            _ = try await records.atHand(result)
        } catch let problem as Problem where problem.status == 503 {
            // It takes longer: the courier goes on with it, and the delivery waits for that.
        }
    }

    func createDelivery(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let key = try Names.idempotencyKey(request.headers[.idempotencyKey])
        let body = try NewDeliveryBody(try await BodyReader.json(request))
        if let fault = body.fault { throw Problem.invalid([fault]) }
        let report = try await report(body.report, for: caller, needsRecord: false)
        // Before anything is said of where it went.
        try await require(caller, .create, .deliveries, in: report.scope)
        guard report.isPresent else {
            throw Problem.conflict(
                "It can't be sent: the namespace \(report.namespace) that it was made in isn't there any more, or is another "
                    + "cluster's.")
        }
        context.note.note(reportID: report.id)
        guard (report.request?.status?.phase ?? report.record?.phase) == .succeeded else {
            throw Problem.conflict("There is nothing to send: the report has not succeeded.")
        }
        try await refuseOffloaded(report)
        let resend = try await resend(body, report)
        let spec = ReportDeliverySpec(reportID: report.id, entry: resend.entry)
        let name = NewName(
            given: nil, kind: "delivery", base: String(report.name.prefix(50)) + "-resend", caller: caller,
            namespace: report.namespace, key: key)
        let made = try await create(
            caller, cache.deliveries, namespace: report.namespace, name: name, body: body.json
        ) {
            try Manifests.delivery(name: $0, request: ObjectNames.label(report.name), labels: $1, spec: spec)
        }
        return .json(DeliveryView(made), status: .created)
    }

    private func resend(_ body: NewDeliveryBody, _ report: SeenReport) async throws -> Resend {
        let (earlier, fault) = await known(of: report)
        let requester = report.request?.spec.value?.requester?.email ?? report.record?.requester?.email
        var wish = Resend.Wish()
        wish.to = body.to ?? []
        wish.cc = body.cc
        wish.channel = body.channel
        wish.formats = (body.formats ?? []).map(\.rawValue)
        wish.subject = body.subject
        wish.text = body.text
        wish.only = body.only
        wish.isOnlyMissing = body.isOnlyMissing
        do {
            let named = try Resend.channel(of: wish, earlier: earlier) ?? defaultMailChannel
            guard let named else { throw Resend.Refusal.noChannel }
            let channel = cache.channels.get(ObjectKey(namespace: courierNamespace, name: named))
            switch try Resend.outcome(
                of: wish, channel: named, kind: channel?.spec.value?.type, earlier: earlier, requester: requester,
                fault: fault)
            {
            case .send(let resend): return resend
            case .nobodyLacksIt: throw Resend.Refusal.nobody(channel: named)
            }
        } catch let refusal as Resend.Refusal {
            throw Problem(refusal, isOnlyMissing: body.isOnlyMissing)
        }
    }

    /// Of two the older counts.
    private var defaultMailChannel: String? {
        cache.channels.all()
            .filter { $0.spec.value?.type == .mail && $0.spec.value?.default == true && !$0.metadata.isDeleting }
            .min {
                ($0.metadata.creationTimestamp?.seconds ?? 0, $0.metadata.name)
                    < ($1.metadata.creationTimestamp?.seconds ?? 0, $1.metadata.name)
            }?.metadata.name
    }
}

extension Problem {
    fileprivate init(_ refusal: Resend.Refusal, isOnlyMissing: Bool) {
        switch refusal {
        case .severalChannels(let names):
            self = .invalid([
                FieldError("channel", "is required: the report went through \(names.joined(separator: ", "))")
            ])
        case .noChannel:
            self = .invalid([
                FieldError(
                    "channel",
                    "is required: the report went nowhere before, and no default channel of type Mail is there")
            ])
        case .nobody where isOnlyMissing:
            self = .conflict("Nobody lacks it: everyone has it, or it is being sent to them. Nothing is sent.")
        case .nobody(let channel):
            self = .invalid([FieldError("to", "is required: nobody got the report through \(channel) before")])
        case .nothingBefore(let channel):
            self = .invalid([
                FieldError(
                    "onlyMissing", value: .bool(true),
                    "can't be told: nothing is known of who got it through \(channel)")
            ])
        case .unknown(let fault):
            self = .conflict(
                "It isn't known who lacks it, since part of what was sent can't be read: \(fault). Name the recipients yourself."
            )
        }
    }
}

extension DeliveryView {
    /// A resource, or what the ledger keeps.
    init(_ known: KnownDelivery) {
        self.init(
            namespace: known.namespace, name: known.name, reportID: known.reportID, reportName: known.reportName,
            channel: known.channel, phase: known.phase, message: known.message,
            formats: known.files.isEmpty ? known.entry?.formats : known.files.map(\.format),
            subject: known.entry?.subject, cc: known.entry?.cc, only: known.entry?.only, createdAt: known.createdAt,
            completedAt: known.completedAt,
            recipients: known.recipients, isLive: !known.isGone)
    }
}

extension PageQuery where Position == TimeCursor {
    /// A page of deliveries, the newest first.
    func of(_ all: inout [DeliveryView]) -> GatewayAPI.ListPage<DeliveryView> {
        let keyed = all.map { view in
            (TimeCursor(view.createdAt ?? Timestamp(seconds: 0), id: "\(view.namespace)/\(view.name)"), view)
        }
        var rest = keyed.sorted { ($0.0.milliseconds, $0.0.id) > ($1.0.milliseconds, $1.0.id) }
        if let cursor {
            rest = rest.filter { ($0.0.milliseconds, $0.0.id) < (cursor.milliseconds, cursor.id) }
        }
        let page = rest.prefix(limit)
        return GatewayAPI.ListPage(items: page.map(\.1), next: rest.count > limit ? page.last?.0.text : nil)
    }
}
