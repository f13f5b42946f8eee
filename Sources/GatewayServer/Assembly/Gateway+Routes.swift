internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird

extension Gateway {
    /// A route that has to know who asks.
    typealias Handler = @Sendable (Request, GatewayContext, Caller) async throws -> Response

    /// Everything that is answered besides the page.
    func routes(_ streams: EventStreams) -> Routes {
        var routes = Routes()
        routes.on(.get, "/api/openapi.json") { _, _ in
            .json(OpenAPIDocument.json, headers: [.cacheControl: "public, max-age=300"])
        }
        for (method, path, handler) in handlers + [(.get, "events", streams.follow)] {
            routes.on(method, "/api/v1/\(path)") { request, context in
                var context = context
                let admission = try await admit(request, context)
                (context.caller, context.session) = (admission.caller, admission.session)
                return try await handler(request, context, admission.caller)
            }
        }
        return routes
    }

    /// The caller, if within the limit of requests.
    private func admit(_ request: Request, _ context: GatewayContext) async throws -> Authenticator.Admission {
        let address = context.note.value.client ?? "unknown"
        let admission: Authenticator.Admission
        do {
            // Callers that try tokens are slowed down by their address, which spares the API server.
            admission = try await authenticator.admission(of: request) { try slowDown("address \(address)") }
        } catch {
            try slowDown("address \(address)")
            throw error
        }
        context.note.note(user: admission.caller.user)
        // Whatever the answer is: the provider may take the earlier refresh token no more.
        if let cookie = admission.cookie { context.note.note(cookie: cookie) }
        try slowDown("user \(admission.caller.user)")
        return admission
    }

    private func slowDown(_ key: String) throws {
        if let seconds = limiter.wait(for: key) { throw Problem.tooManyRequests(retryAfter: seconds) }
    }

    private var handlers: [(HTTPRequest.Method, String, Handler)] {
        [
            (.get, "me", me),
            (.get, "pipelines", listPipelines),
            (.get, "pipelines/:namespace/:name", getPipeline),
            (.get, "pipelines/:namespace/:name/latest/rows", getLatestRows),
            (.get, "pipelines/:namespace/:name/latest/files/:format", getLatestFile),
            (.get, "requests", listRequests),
            (.post, "requests", createRequest),
            (.get, "requests/:namespace/:name", getRequest),
            (.patch, "requests/:namespace/:name", patchRequest),
            (.delete, "requests/:namespace/:name", deleteRequest),
            (.post, "requests/:namespace/:name/cancel", cancelRequest),
            (.post, "requests/:namespace/:name/retry", retryRequest),
            (.get, "reports/:id", getReport),
            (.get, "reports/:id/rows", getRows),
            (.get, "reports/:id/files/:format", getFile),
            (.get, "reports/:id/events", listReportEvents),
            (.get, "reports/:id/logs/:stage", getLog),
            (.get, "channels", listChannels),
            (.get, "deliveries", listDeliveries),
            (.post, "deliveries", createDelivery),
            (.get, "schedules", listSchedules),
            (.post, "schedules", createSchedule),
            (.get, "schedules/preview", previewSchedule),
            (.get, "schedules/:namespace/:name", getSchedule),
            (.put, "schedules/:namespace/:name", replaceSchedule),
            (.patch, "schedules/:namespace/:name", patchSchedule),
            (.delete, "schedules/:namespace/:name", deleteSchedule),
            (.post, "schedules/:namespace/:name/run-now", runScheduleNow),
            (.get, "queue", getQueue),
            (.get, "rows", getSeries),
        ]
    }
}
