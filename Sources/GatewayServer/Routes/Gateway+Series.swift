internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import Hummingbird
internal import KubernetesModel
internal import NIOCore
internal import ReportAPI
internal import ReportRecords
internal import ReportStores

extension Gateway {
    /// The rows of every run of a pipeline since a moment, as one table, the oldest run first.
    func getSeries(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try SeriesQuery(request.uri.query)
        let runs = try await runs(query, caller)
        let store = try record().store
        // The columns are those of the newest run; one of another that lacks some has nulls there.
        let wanted = runs.last?.result.columns ?? []
        let parameters = Set(runs.flatMap { ($0.record.parameters ?? [:]).keys }).sorted()
        let columns =
            [ColumnView(name: "reportID", type: "string"), ColumnView(name: "createdAt", type: "timestamp")]
            + parameters.map { ColumnView(name: "p[\($0)]", type: "string") }
            + wanted.map { ColumnView(name: $0.name, type: $0.type) }
        let body = ResponseBody { writer in
            var rows = RowsWriter(query.format, columns: columns)
            rows.begin()
            for run in runs {
                let prefix = run.prefix(parameters)
                let places = wanted.map { column in run.result.columns.firstIndex { $0.name == column.name } }
                for try await row in StoredRows(store, run.result) {
                    rows.append(
                        prefix + places.map { $0.flatMap { row.indices.contains($0) ? row[$0] : nil } ?? .null })
                    if rows.byteCount > pieceSize { try await writer.write(ByteBuffer(bytes: rows.takeBytes())) }
                }
            }
            rows.end()
            try await writer.write(ByteBuffer(bytes: rows.takeBytes()))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: Self.rowHeaders(query.format, name: query.pipeline), body: body)
    }

    private struct Run: Sendable {
        let record: ReportRecord
        let result: ReportResult

        /// What tells its rows from another one's.
        func prefix(_ parameters: [String]) -> [ResultValue] {
            [.string(record.uid), .date(milliseconds: record.createdAt.milliseconds)]
                + parameters.map { record.parameters?[$0].map(ResultValue.string) ?? .null }
        }
    }

    /// The most runs that one answer has.
    private static let limit = 1000
    /// The most rows: what a workbook's sheet holds.
    private static let rowLimit = 1_048_576

    private func runs(_ query: SeriesQuery, _ caller: Caller) async throws -> [Run] {
        var search = ReportQuery()
        search.pipeline = query.pipeline
        search.phases = [.succeeded]
        search.createdFrom = query.since.date
        search.createdBefore = query.until?.date
        let found = try await past(search, limit: Self.limit, pinned: false, in: query.namespace, caller)
        guard found?.next == nil else {
            throw Problem.badRequest([
                FieldError(
                    "since", value: .string(query.since.description),
                    "brings more than \(Self.limit) runs; choose a later one, or an `until`")
            ])
        }
        let desk = try record()
        // Of all that come back from an archive for it.
        let end = ContinuousClock.now + RecordDesk.patience
        var runs: [Run] = []
        for record in (found?.records ?? []).reversed() {
            guard let result = try await desk.store.result(of: record.uid) else { continue }
            let back = try await desk.atHand(result, within: max(.zero, end - ContinuousClock.now))
            runs.append(Run(record: record, result: back))
        }
        let count = runs.reduce(0) { $0 + $1.result.rows }
        guard count <= Self.rowLimit else {
            throw Problem.badRequest([
                FieldError(
                    "since", value: .string(query.since.description),
                    "brings \(count) rows, and \(Self.rowLimit) are the most; choose a later one, or an `until`")
            ])
        }
        return runs
    }
}

extension Date {
    fileprivate var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
