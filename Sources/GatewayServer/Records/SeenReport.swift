internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import KubernetesModel
internal import ReportAPI
internal import ReportRecords
internal import ReportStores

/// A report that the caller may see: as a resource, as the record has it, or both.
struct SeenReport: Sendable {
    let id: String
    let namespace: String
    /// Whether that namespace is the one that there is now, and not one that had its name before, or another cluster's.
    let isPresent: Bool
    /// nil where it isn't a resource any more.
    let request: ReportRequest?
    /// nil where there is none yet, or it can't be asked now.
    let record: ReportRecord?

    /// Where rights on it have to be held; nil: in all namespaces.
    var scope: String? { isPresent ? namespace : nil }
    var name: String { request?.metadata.name ?? record?.name ?? id }
    var pipeline: PipelineSpec? {
        if let accepted = request?.status?.accepted?.pipeline { return accepted }
        guard case .spec(let pipeline)? = record?.pinned else { return nil }
        return pipeline
    }

    var stages: [String] {
        request?.status?.stages?.map(\.name) ?? record?.stages?.map(\.name) ?? pipeline?.stages.map(\.name) ?? []
    }
}

extension Gateway {
    /// The record, where there is one to ask.
    func record() throws -> RecordDesk {
        guard let records else {
            throw Problem.unavailable("This gateway has no record of reports: it was started without MongoDB.")
        }
        return records
    }

    /// What isn't there and what the caller may not see give the same answer. `needsRecord`: an outage of the record is one.
    func report(_ id: String, for caller: Caller, needsRecord: Bool = true) async throws -> SeenReport {
        let request = cache.request(id: id)
        if let request, !request.isRestored {
            try await requireSight(caller, .requests, in: request.metadata.namespace)
            let record: ReportRecord? =
                if needsRecord {
                    try await records?.store.record(uid: id)
                } else {
                    try? await records?.store.record(uid: id)
                }
            return SeenReport(
                id: id, namespace: request.metadata.namespace, isPresent: true, request: request, record: record)
        }
        guard let record = try await record().store.record(uid: id) else { throw Problem.notFound }
        return try await seen(record, by: caller)
    }

    /// A past report, if the caller may see it: of a namespace that isn't there any more only who may see those of all.
    func seen(_ record: ReportRecord, by caller: Caller) async throws -> SeenReport {
        let isPresent = try await namespaces.isPresent(record)
        try await requireSight(caller, .requests, in: isPresent ? record.namespace : nil)
        return SeenReport(
            id: record.uid, namespace: record.namespace, isPresent: isPresent, request: cache.request(id: record.uid),
            record: record)
    }

    /// Searches the past of one namespace, by what the caller may see of it: what the present one holds, and where that is
    /// nothing, for who may see the reports of all namespaces, what others of that name held before.
    func past(
        _ search: ReportQuery, limit: Int, pinned: Bool = true, in namespace: String, _ caller: Caller
    ) async throws -> ReportPage? {
        try await requireSight(caller, .requests, in: namespace)
        let store = try record().store
        var search = search
        search.namespace = namespace
        if let home = try await namespaces.namespace(namespace) {
            search.homes = [home]
            let found = try await store.find(search, limit: limit, pinned: pinned)
            if !found.records.isEmpty { return found }
        }
        guard try await reviewer.may(caller, AccessReview(.get, .requests, in: nil)) else { return nil }
        search.homes = nil
        return try await store.find(search, limit: limit, pinned: pinned)
    }
}
