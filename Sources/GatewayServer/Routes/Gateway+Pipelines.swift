internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import Hummingbird
internal import KubernetesModel
internal import ReportAPI
internal import ReportPlanning

extension Gateway {
    func listPipelines(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try PipelineListQuery(request.uri.query)
        let visible = try await visible(.pipelines, caller, only: query.namespace)
        let runs = liveRuns()
        let all = cache.pipelines.all()
        let views = zip(all, cache.faults.faults(of: all))
            .filter { visible?.contains($0.0.metadata.namespace) ?? true }
            .map { PipelineSummaryView($0, runs: runs[$0.key] ?? 0, fault: $1) }.filter(query.matches)
        return .json(query.page.of(views) { ObjectKey(namespace: $0.namespace, name: $0.name) })
    }

    func getPipeline(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let key = try context.objectKey()
        try await requireSight(caller, .pipelines, in: key.namespace)
        guard let pipeline = cache.pipelines.get(key) else { throw Problem.notFound }
        let median = await median(ofPipeline: key)
        return .json(
            PipelineView(
                pipeline, runs: liveRuns()[key] ?? 0, expectedSeconds: median.map { Int($0) },
                may: try await rights(of: caller, in: key.namespace)))
    }

    /// How many runs of each pipeline aren't over.
    private func liveRuns() -> [ObjectKey: Int] {
        var runs: [ObjectKey: Int] = [:]
        for request in cache.requests.all() where request.status?.isTerminal != true {
            guard let name = request.spec.value?.pipelineRef?.name else { continue }
            runs[ObjectKey(namespace: request.metadata.namespace, name: name), default: 0] += 1
        }
        return runs
    }

    /// Seconds; nil without history.
    func median(ofPipeline key: ObjectKey) async -> Int64? {
        RunHistory([key: await pastDurations(of: key)]).median(of: key)?.seconds
    }

    /// Seconds that past runs took in the namespace that there is now; none where that can't be found out.
    func pastDurations(of key: ObjectKey) async -> [Int64] {
        guard let records, let home = try? await namespaces.namespace(key.namespace) else { return [] }
        return await records.durations(ofPipeline: key.name, in: home)
    }
}

extension GatewayContext {
    /// The object that the path names.
    func objectKey() throws -> ObjectKey {
        guard let namespace = parameters.get("namespace"), let name = parameters.get("name"),
            Names.isName(namespace), Names.isName(name)
        else { throw Problem.notFound }
        return ObjectKey(namespace: namespace, name: name)
    }

    /// The report that the path names.
    func reportID() throws -> String {
        guard let id = parameters.get("id"), Names.isReportID(id) else { throw Problem.notFound }
        note.note(reportID: id)
        return id
    }

    func format() throws -> OutputFormat {
        guard let format = parameters.get("format").flatMap(OutputFormat.init(rawValue:)) else {
            throw Problem.notFound
        }
        return format
    }
}

extension PageQuery where Position == NameCursor {
    /// A page of what there is, in the order of namespaces and names.
    func of<Item: JSONWritable>(_ all: [Item], _ key: (Item) -> ObjectKey) -> GatewayAPI.ListPage<Item> {
        var rest = all.map { (key($0), $0) }
        if let cursor { rest = rest.filter { cursor.key < $0.0 } }
        rest.sort { $0.0 < $1.0 }
        let page = rest.prefix(limit)
        let next = rest.count > limit ? page.last.map { NameCursor($0.0).text } : nil
        return GatewayAPI.ListPage(items: page.map(\.1), next: next)
    }
}
