internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import Hummingbird
internal import KubernetesModel
internal import ReportAPI
internal import ReportPlanning
internal import ReportRecords
internal import ReportStores

extension Gateway {
    /// Live and past requests as one list. What is live counts as it is live, whatever the record says of it yet.
    func listRequests(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try RequestListQuery(request.uri.query)
        async let liveVisible = visible(.requests, caller, only: query.namespace)
        let visible = try await liveVisible
        // What is there at this moment is live, and nothing else: whatever comes or goes while the record is asked, nothing
        // stands in the list twice and nothing is left out.
        let there = cache.requests.all()
        var rows = (query.isLive == false ? [] : there).compactMap { request -> ListRow? in
            guard visible?.contains(request.metadata.namespace) ?? true, !request.isRestored,
                query.matches(request, caller: caller.person)
            else { return nil }
            return ListRow(request)
        }
        let limit = query.page.limit
        if let mark = query.page.cursor { rows = rows.filter { $0.isAfter(mark) } }
        var isAvailable = true
        var notice: String?
        if query.isLive != true {
            do {
                rows = try await merged(rows, Set(there.map(\.metadata.uid)), query, caller, limit: limit)
            } catch let trouble as StoreTrouble {
                isAvailable = false
                notice = "The record of reports can't be asked now: these are the live ones alone. \(trouble)"
            }
        }
        let (page, next) = ListRow.page(of: rows, limit: limit)
        return .json(body(page, next: next?.text, isAvailable: isAvailable, notice: notice))
    }

    /// With those of the record, until there are enough for a page and one more.
    private func merged(
        _ live: [ListRow], _ there: Set<String>, _ query: RequestListQuery, _ caller: Caller, limit: Int
    ) async throws -> [ListRow] {
        guard let records else { return live }
        var search = query.search(person: caller.person)
        if query.namespace == nil {
            let known = try await records.namespaces().union(cache.namespaces)
            search.namespaces = try await reviewer.namespaces(caller, .get, .requests, among: known)
        } else if let namespace = query.namespace {
            guard try await reviewer.may(caller, AccessReview(.get, .requests, in: namespace)) else { return live }
        }
        if search.namespaces?.isEmpty == true { return live }
        var past: [ListRow] = []
        var mark = query.page.cursor.map { ReportPage.Mark(createdAt: $0.date, uid: $0.id) }
        while past.count <= limit {
            let found = try await records.rows(search, limit: limit, after: mark)
            past += ListRow.past(found, but: there)
            guard found.count > limit, let last = found.last else { break }
            mark = ReportPage.Mark(createdAt: last.createdAt, uid: last.uid)
        }
        return live + past
    }

    private func body(
        _ rows: ArraySlice<ListRow>, next: String?, isAvailable: Bool, notice: String?
    ) -> [UInt8] {
        var writer = JSONWriter(reserving: rows.count * 700 + 200)
        let positions = rows.contains { $0.isQueued } ? positions() : nil
        writer.object { writer in
            writer.key("items")
            writer.array { writer in
                for row in rows {
                    if let bytes = row.bytes {
                        writer.raw(bytes)
                    } else if let request = row.request {
                        writer.value(
                            RequestView(
                                request, title: cache.title(of: request),
                                place: positions?.position(of: row.uid).map { Place(position: $0) },
                                expectedEnd: nil))
                    }
                }
            }
            writer.member("next", next)
            writer.member("recordAvailable", isAvailable)
            writer.member("notice", notice)
        }
        return writer.bytes
    }
}

extension Caller {
    /// A name that people choose themselves stands beside a verified address alone.
    var person: Person { Person(name: email == nil ? user : displayName ?? user, email: email) }
}

extension RequestListQuery {
    /// Whether a live request is one that was asked for.
    func matches(_ request: ReportRequest, caller: Person) -> Bool {
        let (spec, metadata) = (request.spec.value, request.metadata)
        if let namespace, namespace != metadata.namespace { return false }
        if let pipeline, pipeline != request.status?.pipelineName ?? spec?.pipelineRef?.name { return false }
        if !phases.isEmpty, !phases.contains(request.status?.phase ?? .queued) { return false }
        if let requester, ![spec?.requester?.email, spec?.requester?.name].contains(requester) { return false }
        if isMine, !caller.isSame(as: spec?.requester) { return false }
        if let schedule, ObjectNames.label(schedule) != metadata.labels[ReportsAPI.Label.schedule] { return false }
        guard let created = metadata.creationTimestamp else { return from == nil && to == nil }
        if let from, created.seconds < from.seconds { return false }
        if let to, created.seconds >= to.seconds { return false }
        return true
    }

    /// The same of the record.
    func search(person: Person) -> ReportQuery {
        var search = ReportQuery()
        search.namespace = namespace
        search.pipeline = pipeline
        search.phases = Set(phases)
        search.requester = requester
        search.schedule = schedule
        if isMine {
            if let email = person.email { search.requesterEmail = email } else { search.requesterName = person.name }
        }
        search.createdFrom = from?.date
        search.createdBefore = to?.date
        return search
    }
}

extension Person {
    /// By the address, where there is one: a name may be anybody's.
    func isSame(as requester: ReportRequestSpec.Requester?) -> Bool {
        if let email { return requester?.email == email }
        return name != nil && requester?.name == name
    }
}
