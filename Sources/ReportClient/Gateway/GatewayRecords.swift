package import FoundationEssentials
package import KubernetesModel
import ReportAPI
package import ReportRecords
package import ReportStores

/// The record of all reports as a gateway shows it. What it lacks of a record's fields stays empty.
package struct GatewayRecords: Sendable {
    /// A record, and as the gateway wrote it.
    package struct Found: Sendable {
        package let record: ReportRecord
        package let json: JSONValue
    }

    package let client: GatewayClient
    /// Of one answer.
    private static let pageLength = 200

    package init(_ client: GatewayClient) { self.client = client }

    /// The newest that the query fits, and whether there are more.
    package struct Page: Sendable {
        package var found: [Found] = []
        package var hasMore = false
        /// Why it may not be all, such as that MongoDB is away.
        package var notice: String?
    }

    /// `limit` of them at the most. Throws `GatewayTrouble`.
    package func find(_ query: ReportQuery, limit: Int) async throws -> Page {
        var all = Page()
        var cursor: String?
        repeat {
            let next = cursor.map { [("cursor", $0)] } ?? []
            guard let page = try await client.find(["requests"], Self.words(query) + next) else { return all }
            for item in page["items"]?.array ?? [] {
                let one = try read(item)
                // The gateway has no words for these.
                guard query.fitsBeyondGateway(one.record) else { continue }
                guard all.found.count < limit else {
                    all.hasMore = true
                    return all
                }
                all.found.append(one)
            }
            all.notice = page["notice"]?.string ?? all.notice
            cursor = page["next"]?.string
        } while cursor != nil
        return all
    }

    /// By its id, or as the newest request of that name in the namespace. Throws `ClientError` or `GatewayTrouble`.
    package func record(_ report: String, namespace: String, cluster: String? = nil) async throws -> Found {
        if let json = try await client.find(["reports", report]) { return try read(json) }
        var query = ReportQuery()
        (query.namespace, query.name, query.cluster) = (namespace, report, cluster)
        guard let found = try await find(query, limit: 1).found.first else {
            throw ClientError.notRecorded(report, namespace: namespace)
        }
        return found
    }

    /// Its rows in parts, with their columns and as of when; a part has a warning where values of it don't fit their columns.
    /// False: it has none. Throws `GatewayTrouble`.
    package func rows(of id: String, _ take: (GatewayRows) throws -> Void) async throws -> Bool {
        var cursor: String?
        repeat {
            let next = cursor.map { [("cursor", $0)] } ?? []
            let query = [("format", "json"), ("limit", "5000")] + next
            guard let page = try await client.find(["reports", id, "rows"], query) else { return false }
            cursor = page["next"]?.string
            try take(GatewayRows(page))
        } while cursor != nil
        return true
    }

    /// Throws `GatewayTrouble`, or what `take` does.
    package func file(
        of id: String, as format: String, within limit: Duration, _ take: (Data) throws -> Void
    ) async throws {
        try await client.download(["reports", id, "files", format], within: limit, take)
    }

    private static func words(_ query: ReportQuery) -> [(String, String)] {
        var words = [("limit", "\(pageLength)")]
        let texts = [
            ("namespace", query.namespace), ("pipeline", query.pipeline), ("phase", query.phase?.rawValue),
            ("requester", query.requesterEmail ?? query.requesterName),
            ("from", query.createdFrom.map { "\(Timestamp($0))" }),
            ("to", query.createdBefore.map { "\(Timestamp($0))" }),
        ]
        for (name, text) in texts { if let text { words.append((name, text)) } }
        return words
    }

    /// A list's item is one; a report has it as its request.
    private func read(_ json: JSONValue) throws -> Found {
        let view = json["request"] ?? json
        // What a record has besides says where MongoDB keeps it, which is nobody's here.
        var members = view.object ?? [:]
        members["_id"] = members["id"]
        for (name, value) in [("generation", JSONValue.integer(0)), ("progress", .integer(0))] { members[name] = value }
        for name in ["resourceVersion", "versionOrder"] { members[name] = .string("") }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let data = try? JSONEncoder().encode(JSONValue.object(members)),
            let record = try? decoder.decode(ReportRecord.self, from: data)
        else { throw GatewayTrouble.foreign(client.address.text) }
        return Found(record: record, json: view)
    }
}

/// A part of a report's rows.
package struct GatewayRows: Sendable {
    package let columns: [ReportResult.Column]
    package let rows: [[ResultValue]]
    package let asOf: String?
    package let warning: String?
    /// Whether nothing comes after it.
    package let isLast: Bool

    init(_ page: JSONValue) {
        let columns = (page["columns"]?.array ?? []).map {
            ReportResult.Column(name: $0["name"]?.string ?? "", type: $0["type"]?.string)
        }
        self.columns = columns
        rows = (page["rows"]?.array ?? []).map { row in
            (row.array ?? []).enumerated().map { place, value in
                Self.value(value, place < columns.count ? columns[place].type : nil)
            }
        }
        asOf = page["asOf"]?.string
        warning = page["warning"]?.string
        isLast = page["next"] == nil
    }

    /// A decimal, and an integer beyond 2^53, comes as a text, so that no digit is lost.
    private static func value(_ value: JSONValue, _ type: String?) -> ResultValue {
        switch value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let number): .integer(number)
        case .string(let text) where type == "decimal": ExactDecimal(text).map(ResultValue.decimal) ?? .string(text)
        case .string(let text) where type == "integer": Int64(text).map(ResultValue.integer) ?? .string(text)
        case .string(let text): .string(text)
        case .number(let number): .double(number)
        case .decimal(let text): ExactDecimal(text).map(ResultValue.decimal) ?? .string(text)
        case .array, .object: .other(String(decoding: value.jsonText, as: UTF8.self))
        }
    }
}

extension ReportQuery {
    /// Whether a record is one of those that are meant, as far as the gateway isn't asked for it.
    fileprivate func fitsBeyondGateway(_ record: ReportRecord) -> Bool {
        (name == nil || record.name == name)
            && (cluster == nil || record.clusterName == cluster || record.cluster == cluster)
            && (requesterEmail == nil || record.requester?.email == requesterEmail)
            && (requesterName == nil || record.requester?.name == requesterName)
            && parameters.allSatisfy { record.parameters?[$0.key] == $0.value }
    }
}
