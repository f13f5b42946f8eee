internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import Hummingbird
internal import KubernetesModel
internal import NIOCore
internal import ReportAPI
internal import ReportPlanning
internal import ReportRecords
internal import ReportStores

extension Gateway {
    /// Live and past requests as one list. What is live counts as it is live, whatever the record says of it yet.
    ///
    /// Many who look at one list have it made once.
    func listRequests(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try RequestListQuery(request.uri.query)
        let question = RequestLists.Question(
            query: query, person: query.isMine ? caller.person : nil,
            visible: try await visible(.requests, caller, only: query.namespace),
            past: query.isLive == true ? .none : try await past(query, caller), state: cache.state.number)
        return .json(try await lists.pages.value(question) { try await page(question) })
    }

    /// Of which namespaces the caller sees what is over: of those that there are. Callers who may see the reports of all see
    /// those of namespaces that aren't there any more, too.
    private func past(_ query: RequestListQuery, _ caller: Caller) async throws -> RequestLists.Past {
        guard let records else { return .none }
        do {
            if try await reviewer.may(caller, AccessReview(.get, .requests, in: nil)) { return .all }
            let known: Set<String> =
                if let namespace = query.namespace { [namespace] } else {
                    try await records.namespaces().union(cache.namespaces)
                }
            let allowed = try await reviewer.namespaces(caller, .get, .requests, among: known) ?? known
            let homes = try await namespaces.namespaces(allowed)
            return homes.isEmpty ? .none : .only(homes)
        } catch let trouble as StoreTrouble {
            return .away(trouble)
        }
    }

    private func page(_ question: RequestLists.Question) async throws -> ByteBuffer {
        let query = question.query
        // What is there at this moment is live, and nothing else: whatever comes or goes while the record is asked, nothing
        // is in the list twice and nothing is left out.
        let there = cache.requests.allStored()
        var rows = (query.isLive == false ? [] : there).compactMap { stored -> ListRow? in
            guard question.visible?.contains(stored.object.metadata.namespace) ?? true, !stored.object.isRestored,
                query.matches(stored.object, caller: question.person)
            else { return nil }
            return ListRow(stored)
        }
        let limit = query.page.limit
        if let mark = query.page.cursor { rows = rows.filter { $0.isAfter(mark) } }
        var isAvailable = true
        var notice: String?
        do {
            rows += try await past(question, but: there)
        } catch let trouble as StoreTrouble {
            isAvailable = false
            notice = "The record of reports can't be asked now: these are the live ones alone. \(trouble)"
        }
        let (page, next) = ListRow.page(of: rows, limit: limit)
        return ByteBuffer(bytes: body(page, next: next?.text, isAvailable: isAvailable, notice: notice))
    }

    /// Those of the record, until there are enough for a page and one more.
    private func past(
        _ question: RequestLists.Question, but there: [Stored<ReportRequest>]
    ) async throws -> [ListRow] {
        var search = question.query.search(person: question.person)
        switch question.past {
        case .none: return []
        case .away(let trouble): throw trouble
        case .all: break
        case .only(let homes): search.homes = homes
        }
        guard let records else { return [] }
        let limit = question.query.page.limit
        let live = Set(there.map { $0.object.metadata.uid })
        var past: [ListRow] = []
        var mark = question.query.page.cursor.map { ReportPage.Mark(createdAt: $0.date, uid: $0.id) }
        while past.count <= limit {
            let found = try await records.rows(search, limit: limit, after: mark)
            past += ListRow.past(found, but: live)
            guard found.count > limit, let last = found.last else { break }
            mark = ReportPage.Mark(createdAt: last.createdAt, uid: last.uid)
        }
        return past
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
                    } else if let request = row.request?.object {
                        writer.value(
                            cache.view(
                                request, place: positions?.position(of: row.uid).map { Place(position: $0) }))
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
    /// A name that people choose themselves is shown only beside a verified address.
    var person: Person { Person(name: email == nil ? user : displayName ?? user, email: email) }
}

extension RequestListQuery {
    /// Whether a live request is one that was asked for.
    ///
    /// `caller`: whose they are, where one's own are asked for.
    func matches(_ request: ReportRequest, caller: Person?) -> Bool {
        let (spec, metadata) = (request.spec.value, request.metadata)
        if let namespace, namespace != metadata.namespace { return false }
        if let pipeline, pipeline != request.status?.pipelineName ?? spec?.pipelineRef?.name { return false }
        if !phases.isEmpty, !phases.contains(request.status?.phase ?? .queued) { return false }
        if let requester {
            let names = [spec?.requester?.email, spec?.requester?.name].compactMap(\.self)
            guard names.contains(where: { $0.isSame(as: requester) }) else { return false }
        }
        if isMine, caller?.isSame(as: spec?.requester) != true { return false }
        if let schedule, ObjectNames.label(schedule) != request.scheduleName { return false }
        guard let created = metadata.creationTimestamp else { return from == nil && to == nil }
        if let from, created.seconds < from.seconds { return false }
        if let to, created.seconds >= to.seconds { return false }
        return true
    }

    /// The same of the record.
    func search(person: Person?) -> ReportQuery {
        var search = ReportQuery()
        search.namespace = namespace
        search.pipeline = pipeline
        search.phases = Set(phases)
        search.requester = requester
        search.schedule = schedule
        if isMine, let person {
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
        if let email { return requester?.email?.isSame(as: email) ?? false }
        return name.map { requester?.name?.isSame(as: $0) ?? false } ?? false
    }
}
