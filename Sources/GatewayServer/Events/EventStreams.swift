internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird
internal import KubernetesModel
internal import NIOCore
internal import Synchronization

/// Server-sent events to those who may see them.
struct EventStreams: Sendable {
    let hub: EventHub
    let authenticator: Authenticator
    let reviewer: AccessReviewer
    let limits: StreamLimits

    func follow(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let namespace = try NamespaceQuery(request.uri.query).namespace
        let last = request.headers[.lastEventID]
        var after: EventID?
        if let last, !last.isEmpty {
            guard let id = EventID(last) else {
                throw Problem.badRequest([
                    FieldError(
                        "Last-Event-ID", value: .string(last),
                        "is not the id of an event; leave it out to begin with what comes now")
                ])
            }
            after = id
        }
        guard let place = limits.enter(caller.user) else { throw Problem.tooManyRequests(retryAfter: 30) }
        let subscription = hub.follow(after: after)
        let headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-store",
            // Proxies such as nginx are to hold nothing back.
            .init("X-Accel-Buffering") ?? .server: "no",
        ]
        let body = ResponseBody { writer in
            defer {
                hub.leave(subscription.number)
                place.leave()
            }
            // No task of its own for what is written: of each stream's memory most would be its tasks.
            try await request.body.consumeWithInboundCloseHandler { _ in
                try await self.write(subscription, namespace: namespace, caller, to: &writer)
            } onInboundClosed: {
                hub.leave(subscription.number)
            }
        }
        if request.method == .head {
            hub.leave(subscription.number)
            place.leave()
            return Response(status: .ok, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    @concurrent private func write(
        _ subscription: EventHub.Subscription, namespace: String?, _ caller: Caller,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var start: [UInt8] = Array("retry: 2000\n\n".utf8)
        if subscription.isReset {
            start += GatewayEvent.frame(id: subscription.id, name: "reset", data: Array("{}".utf8))
        } else {
            // An id from the start: who is cut off before the first change resumes from here.
            start += GatewayEvent.frame(id: subscription.id, name: "ready", data: Array("{}".utf8))
        }
        try await writer.write(ByteBuffer(bytes: start))
        for event in subscription.missed where try await mayBeSeen(event, by: caller, namespace) {
            try await writer.write(ByteBuffer(bytes: event.bytes))
        }
        for await signal in subscription.signals {
            switch signal {
            case .event(let event):
                guard try await mayBeSeen(event, by: caller, namespace) else { continue }
                try await writer.write(ByteBuffer(bytes: event.bytes))
            case .beat:
                guard await authenticator.stillCounts(caller) else { return try await writer.finish(nil) }
                try await writer.write(ByteBuffer(string: ":\n\n"))
            }
        }
        try await writer.finish(nil)
    }

    private func mayBeSeen(_ event: GatewayEvent, by caller: Caller, _ namespace: String?) async throws -> Bool {
        if let namespace, event.namespace != namespace { return false }
        let resource: AccessReview.Resource =
            switch event.kind {
            case .requests: .requests
            case .deliveries: .deliveries
            case .schedules: .schedules
            case .pipelines: .pipelines
            }
        return try await reviewer.may(caller, AccessReview(.watch, resource, in: event.namespace))
    }
}

/// How many streams there may be, in all and of one person.
final class StreamLimits: Sendable {
    private let perPerson: Int
    private let total: Int
    private let open = Mutex<(all: Int, byUser: [ExactName: Int])>((0, [:]))

    init(perPerson: Int, total: Int) {
        self.perPerson = perPerson
        self.total = total
    }

    /// The right to one stream, given back once.
    final class Place: Sendable {
        private let giveBack: Mutex<(@Sendable () -> Void)?>

        fileprivate init(_ giveBack: @escaping @Sendable () -> Void) { self.giveBack = Mutex(giveBack) }

        func leave() {
            let give = giveBack.withLock { give in
                defer { give = nil }
                return give
            }
            give?()
        }

        deinit { leave() }
    }

    /// nil: there are too many.
    func enter(_ user: String) -> Place? {
        let user = ExactName(user)
        let isIn = open.withLock { open in
            guard open.all < total, open.byUser[user, default: 0] < perPerson else { return false }
            open.all += 1
            open.byUser[user, default: 0] += 1
            return true
        }
        guard isIn else { return nil }
        return Place { [self] in
            open.withLock { open in
                open.all -= 1
                let left = open.byUser[user, default: 1] - 1
                open.byUser[user] = left > 0 ? left : nil
            }
        }
    }
}
