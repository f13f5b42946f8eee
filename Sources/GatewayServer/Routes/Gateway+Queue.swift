internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import Hummingbird
internal import KubernetesModel
internal import ReportAPI
internal import ReportPlanning

extension Gateway {
    func getQueue(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try NamespaceQuery(request.uri.query)
        let visible = try await visible(.requests, caller, only: query.namespace)
        return .json(QueueView(await expectations()) { visible?.contains($0) ?? true })
    }

    /// Who waits for whom, and until about when.
    func expectations() async -> Expectations {
        let live = cache.requests.all().filter { $0.status?.isTerminal == false }
        var durations: [ObjectKey: [Int64]] = [:]
        if records != nil {
            for request in live {
                guard let name = request.spec.value?.pipelineRef?.name else { continue }
                let key = ObjectKey(namespace: request.metadata.namespace, name: name)
                guard durations[key] == nil else { continue }
                durations[key] = await pastDurations(of: key)
            }
        }
        return Expectations(live, history: RunHistory(durations), now: Timestamp(Date()))
    }

    /// Places alone, for lists: the record isn't asked for them.
    func positions() -> Expectations {
        Expectations(
            cache.requests.all().filter { $0.status?.isTerminal == false }, history: RunHistory([:]),
            now: Timestamp(Date()))
    }

    /// A live request, with its place and when it may be over.
    func view(_ request: ReportRequest) async -> RequestView {
        guard request.status?.isTerminal == false else {
            return cache.view(request)
        }
        let expectations = await expectations()
        let expectation = expectations.expectation(of: request.metadata.uid)
        return cache.view(
            request,
            place: expectations.position(of: request.metadata.uid).map { Place(position: $0, expected: expectation) },
            expectedEnd: request.status?.phase == .running ? expectation?.endsAt?.date : nil)
    }
}
