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
    /// nil where it is no resource any more.
    let request: ReportRequest?
    /// nil where there is none yet, or it can't be asked now.
    let record: ReportRecord?

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
            if needsRecord || records == nil {
                let record = try await records?.store.record(uid: id)
                return SeenReport(id: id, namespace: request.metadata.namespace, request: request, record: record)
            }
            let record = try? await records?.store.record(uid: id)
            return SeenReport(id: id, namespace: request.metadata.namespace, request: request, record: record)
        }
        guard let record = try await record().store.record(uid: id) else { throw Problem.notFound }
        try await requireSight(caller, .requests, in: record.namespace)
        return SeenReport(id: id, namespace: record.namespace, request: nil, record: record)
    }
}
