internal import AsyncSupport
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import Hummingbird
internal import KubernetesClient
internal import KubernetesModel
internal import ReportAPI
internal import ReportClient
internal import ReportLayout
internal import ReportRecords
internal import ReportStores

extension Gateway {
    func getReport(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        try NoQuery(request.uri.query).ignore()
        let report = try await report(try context.reportID(), for: caller, needsRecord: false)
        let result = try? await records?.store.result(of: report.id)
        let logs = try? await records?.store.logs(of: report.id)
        let isOver = (report.request?.status?.phase ?? report.record?.phase)?.isTerminal == true
        let (deliveries, notice) = try await deliveries(of: report, caller)
        let view = ReportView(
            request: try await requestView(report), pipeline: report.pipeline, result: result,
            asOf: result.flatMap { result in report.record.map { Timestamp($0.asOf(result)) } },
            formats: result.map { isOver && $0.offloaded == nil } == true ? OutputFormat.allCases : [],
            logs: logs.map { $0.map { ReportView.Log(stage: $0.stage, attempt: $0.attempt) } },
            deliveries: deliveries, deliveryNotice: notice,
            may: try await rights(of: caller, in: report.scope))
        return .json(view)
    }

    private func requestView(_ report: SeenReport) async throws -> RequestView {
        if let request = report.request {
            var view = await view(request)
            // Of a gateway that isn't told, the operator's word is in the record.
            view.clusterName = view.clusterName ?? report.record?.clusterName
            return view
        }
        guard let record = report.record else { throw Problem.notFound }
        return RequestView(record)
    }

    func listReportEvents(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        try NoQuery(request.uri.query).ignore()
        let report = try await report(try context.reportID(), for: caller)
        let events = try await record().store.events(of: report.id)
        return .json(ListPage(items: events.map(ReportEventView.init)))
    }

    /// From the pod while there is one, else as it was kept. Both need the right to read pods' logs.
    func getLog(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try LogQuery(request.uri.query)
        let report = try await report(try context.reportID(), for: caller, needsRecord: false)
        guard let stage = context.parameters.get("stage"), report.stages.contains(stage) else { throw Problem.notFound }
        try await require(caller, .get, .logs, in: report.scope)
        if let request = report.request, let text = try await podLog(of: request, stage, query.attempt, caller) {
            return .text(text)
        }
        let kept = try await record().store.logs(of: report.id)
            .filter { $0.stage == stage && (query.attempt ?? $0.attempt) == $0.attempt }
        guard let log = kept.last else {
            throw Problem.notFound(
                "There is no log of \(stage): it hasn't started, or its pod is gone and nothing was kept.")
        }
        let note = log.isCut ? "(the last 64 KiB were kept)\n" : ""
        return .text(Array((note + log.text).utf8))
    }

    /// The most bytes of a pod's log that are shown: the last ones.
    private static let logLimit = 4 << 20

    private func podLog(
        of request: ReportRequest, _ stage: String, _ attempt: Int?, _ caller: Caller
    ) async throws -> [UInt8]? {
        let cluster = try cluster(caller, request.metadata.namespace)
        let found = await Result { () async throws(ClientError) in try await cluster.pods(of: request) }
        // A caller who may read logs but not list pods reads what was kept.
        if case .failure(.api(let error)) = found, error.isForbidden { return nil }
        let pods = try found.get()
        let wanted = attempt ?? request.status?.stage(stage)?.attempt
        let pod = pods.filter { pod in
            pod.metadata.labels[ReportsAPI.Label.stage] == stage
                && (wanted.map { pod.metadata.labels[ReportsAPI.Label.attempt] == "\($0)" } ?? true)
        }.max { ($0.metadata.creationTimestamp?.seconds ?? 0) < ($1.metadata.creationTimestamp?.seconds ?? 0) }
        guard let pod else { return nil }
        let text = LogText(limit: Self.logLimit)
        let end = try await LogTail(cluster, pod: pod, follow: false).run { text.append($0) }
        return end == .whole ? text.bytes : nil
    }
}

extension Response {
    static func text(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: .init(bytes: bytes)))
    }
}

extension NoQuery {
    /// It was read to be refused where there is one.
    func ignore() {}
}
