internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird
internal import KubernetesModel
internal import NIOCore
internal import ReportAPI
internal import ReportClient
internal import ReportRecords
internal import ReportStores

extension Gateway {
    func getFile(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try FileQuery(request.uri.query)
        let format = try context.format()
        let report = try await report(try context.reportID(), for: caller)
        var response = try await file(of: report, format, request)
        if query.isInline, format == .html {
            response.headers[.contentDisposition] = "inline"
            response.headers[.contentSecurityPolicy] = SecurityHeaders.framedFilePolicy
            response.headers[.xFrameOptions] = "SAMEORIGIN"
        }
        return response
    }

    func getLatestFile(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        let query = try LatestQuery(request.uri.query, isFile: true)
        let format = try context.format()
        let report = try await latest(try context.objectKey(), query, caller)
        context.note.note(reportID: report.id)
        return try await file(of: report, format, request)
    }

    private func file(of report: SeenReport, _ format: OutputFormat, _ request: Request) async throws -> Response {
        let desk = try record()
        guard let record = report.record, let result = try await desk.store.result(of: report.id) else {
            throw Problem.notFound("It has published nothing that a file could be made of.")
        }
        let file = try await desk.file(of: record, try await desk.atHand(result), format)
        let tag = "\"\(file.sha256)\""
        var headers: HTTPFields = [
            .contentType: format.mediaType, .eTag: tag, .acceptRanges: "bytes",
            // A client that has it asks whether it is still the same.
            .cacheControl: "private, no-cache",
            .contentDisposition: FileDisposition.header(name: "\(report.name).\(format.rawValue)"),
            .contentSecurityPolicy: SecurityHeaders.filePolicy,
        ]
        if request.headers[.ifNoneMatch].map({ $0 == "*" || $0.contains(tag) }) == true {
            return Response(status: .notModified, headers: headers)
        }
        let isSame = request.headers[.ifRange].map { $0 == tag } ?? true
        let range: Range<Int64>
        var status = HTTPResponse.Status.ok
        switch ByteRange(isSame ? request.headers[.range] : nil, size: file.size) {
        case .whole: range = 0..<file.size
        case .part(let part):
            range = part
            status = .partialContent
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.size)"
        case .unsatisfiable: throw Problem.rangeNotSatisfiable(size: file.size)
        }
        if request.method == .head {
            headers[.contentLength] = "\(range.count)"
            return Response(status: status, headers: headers)
        }
        let bucket = file.isStageFile ? desk.store.stageFiles : desk.store.files
        let body = ResponseBody(contentLength: range.count) { writer in
            for try await piece in bucket.pieces(of: file.name, range) {
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }
}

extension RecordDesk {
    /// A file of a report that is there.
    struct File: Sendable {
        let name: String
        let isStageFile: Bool
        let size: Int64
        let sha256: String
    }

    /// How long somebody waits for a file to be made, or to be brought back.
    static let patience: Duration = .seconds(60)

    /// Has it made where there is none yet: the courier has the fonts, and makes none twice.
    func file(of report: ReportRecord, _ result: ReportResult, _ format: OutputFormat) async throws -> File {
        if let own = result.files?[format.rawValue] {
            return File(name: own.name, isStageFile: true, size: Int64(own.size), sha256: own.sha256)
        }
        let question = FileQuestion(place: result.place, format: format)
        return try await files.value(question) { [store] in
            let answer = try await Self.wanted(report, format, store)
            let isStageFile = answer.isStageFile == true
            let bucket = isStageFile ? store.stageFiles : store.files
            guard let name = answer.file, let found = try await bucket.file(named: name) else {
                throw Problem.unavailable("The file has just gone from the record. Ask again.", retryAfter: 1)
            }
            return File(
                name: name, isStageFile: isStageFile, size: Int64(found.length), sha256: found.metadata.sha256)
        }
    }

    /// What was published, once its rows and files are in MongoDB: the courier brings them back from the archive that they are
    /// in, where it was given that.
    func atHand(_ result: ReportResult, within limit: Duration = patience) async throws -> ReportResult {
        guard let offload = result.offloaded else { return result }
        // No time is left to hear whether a courier can: another asking goes on from here.
        guard limit > ReportFiles.takenWithin else { throw Self.comingBack }
        let isThere: Bool
        do {
            isThere = try await ReportFiles(store).bringBack(result.uid, within: limit)
        } catch ClientError.noFile, ClientError.noCourier {
            throw Problem.offloaded(OffloadView(offload, of: result.uid))
        }
        guard isThere, let back = try await store.result(of: result.uid), back.offloaded == nil else {
            throw Self.comingBack
        }
        return back
    }

    private static let comingBack = Problem.unavailable(
        "Rows and files are being brought back from the archive. Ask again.", retryAfter: 15)

    private static func wanted(
        _ report: ReportRecord, _ format: OutputFormat, _ store: ReportStore
    ) async throws -> WantedFile {
        do {
            return try await ReportFiles(store).file(of: report, as: format, within: patience)
        } catch ClientError.noFile(let fault) {
            throw Problem.conflict("There is no such file: \(fault)")
        } catch ClientError.noCourier(let limit) {
            throw Problem.unavailable(
                """
                The file wasn't made within \(limit.components.seconds) seconds: either it takes long, or no \
                report-courier runs. Ask again.
                """, retryAfter: 15)
        }
    }
}
