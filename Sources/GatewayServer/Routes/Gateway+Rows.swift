internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird
internal import KubernetesModel
internal import NIOCore
internal import ReportAPI
internal import ReportLayout
internal import ReportRecords
internal import ReportStores

extension Gateway {
    func getRows(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try RowsQuery(request.uri.query)
        let report = try await report(try context.reportID(), for: caller)
        let desk = try record()
        guard let found = try await desk.store.result(of: report.id) else {
            throw Problem.notFound("It has published no rows.")
        }
        let result = try await desk.atHand(found)
        if let cursor = query.cursor, cursor.place != result.place {
            throw Problem.conflict("The report has other rows now than when this cursor was given: begin anew.")
        }
        // A cursor isn't a secret, so that anybody can write one.
        if let cursor = query.cursor, cursor.row > result.rows || cursor.bucket > result.buckets {
            throw Problem.badRequest([FieldError("cursor", "is none of this list; take `next` of the page before")])
        }
        return try rows(of: report, result, query.format, from: query.cursor, limit: query.limit, request)
    }

    func getLatestRows(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try LatestQuery(request.uri.query, isFile: false)
        let report = try await latest(try context.objectKey(), query, caller)
        context.note.note(reportID: report.id)
        let desk = try record()
        guard let result = try await desk.store.result(of: report.id) else {
            throw Problem.notFound("The newest report that succeeded has published no rows.")
        }
        return try rows(of: report, try await desk.atHand(result), query.format, from: nil, limit: nil, request)
    }

    /// The newest report of a pipeline that succeeded, of those with these parameters.
    func latest(_ key: ObjectKey, _ query: LatestQuery, _ caller: Caller) async throws -> SeenReport {
        var search = ReportQuery()
        search.pipeline = key.name
        search.phases = [.succeeded]
        search.parameters = query.parameters
        guard query.parameters.keys.allSatisfy({ !$0.contains(".") && !$0.contains("$") && !$0.isEmpty }) else {
            throw Problem.notFound
        }
        let found = try await past(search, limit: 1, in: key.namespace, caller)
        guard let record = found?.records.first else { throw Problem.notFound }
        return try await seen(record, by: caller)
    }

    /// Rows as they come from the record: of a report of any length, one document's worth is in memory.
    private func rows(
        of report: SeenReport, _ result: ReportResult, _ format: RowsWriter.Format, from cursor: RowCursor?,
        limit: Int?, _ request: Request
    ) throws -> Response {
        let store = try record().store
        let first = cursor?.row ?? 0
        let tag = "\"\(result.place)-\(format.rawValue)-\(first)-\(limit ?? 0)\""
        var headers = Self.rowHeaders(format, name: report.name)
        headers[.eTag] = tag
        if request.headers[.ifNoneMatch]?.contains(tag) == true {
            return Response(status: .notModified, headers: headers)
        }
        if request.method == .head { return Response(status: .ok, headers: headers) }
        let columns = ColumnView.columns(of: result, layout: report.pipeline?.report, identity: report.identity(result))
        let asOf = report.record.map { Timestamp($0.asOf(result)) }
        let end = min(result.rows, limit.map { first + $0 } ?? result.rows)
        let stored = StoredRows(
            store, result, from: .init(bucket: cursor?.bucket ?? 0, offset: cursor?.offset ?? 0),
            count: max(0, end - first))
        let body = ResponseBody { writer in
            var rows = RowsWriter(format, columns: columns, from: first)
            rows.begin(reportID: report.id, asOf: asOf)
            var iterator = stored.makeAsyncIterator()
            while let row = try await iterator.next() {
                rows.append(row)
                if rows.byteCount > pieceSize { try await writer.write(ByteBuffer(bytes: rows.takeBytes())) }
            }
            let place = iterator.place
            let next = RowCursor(place: result.place, row: end, bucket: place.bucket, offset: place.offset)
            rows.end(next: end < result.rows ? next.text : nil, total: result.rows)
            try await writer.write(ByteBuffer(bytes: rows.takeBytes()))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    static func rowHeaders(_ format: RowsWriter.Format, name: String) -> HTTPFields {
        var headers: HTTPFields = [.contentType: format.mediaType, .cacheControl: "private, no-cache"]
        if format == .csv {
            headers[.contentDisposition] = FileDisposition.header(name: "\(name).csv")
        }
        return headers
    }
}

/// The number of bytes of rows that go out at once.
let pieceSize = 64 << 10

extension SeenReport {
    /// For the placeholders of its layout.
    func identity(_ result: ReportResult) -> ReportIdentity {
        let texts = request?.status?.accepted?.parameters ?? record?.parameters ?? [:]
        return ReportIdentity(
            reportID: id, namespace: namespace, name: name, pipeline: record?.pipeline, attempt: result.attempt,
            publishedAt: Timestamp(result.publishedAt),
            asOf: record.map { Timestamp($0.asOf(result)) } ?? Timestamp(result.publishedAt),
            requester: record?.requester?.name ?? record?.requester?.email,
            parameters: pipeline?.values(ofTexts: texts) ?? JSONObject(texts: texts))
    }
}
