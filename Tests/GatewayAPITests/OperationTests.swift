import GatewayAPI
import KubernetesModel
import Testing

/// Each operation of the contract takes exactly the parameters of its query.
@Suite struct OperationTests {
    /// What reads the query of an operation.
    private static let readers: [String: @Sendable (String?) throws(Problem) -> Void] = [
        "listPipelines": { query throws(Problem) in _ = try PipelineListQuery(query) },
        "getLatestRows": { query throws(Problem) in _ = try LatestQuery(query, isFile: false) },
        "getLatestFile": { query throws(Problem) in _ = try LatestQuery(query, isFile: true) },
        "listRequests": { query throws(Problem) in _ = try RequestListQuery(query) },
        "getRows": { query throws(Problem) in _ = try RowsQuery(query) },
        "getFile": { query throws(Problem) in _ = try FileQuery(query) },
        "getLog": { query throws(Problem) in _ = try LogQuery(query) },
        "getSeries": { query throws(Problem) in _ = try SeriesQuery(query) },
        "listChannels": { query throws(Problem) in _ = try ChannelListQuery(query) },
        "listDeliveries": { query throws(Problem) in _ = try DeliveryListQuery(query) },
        "listSchedules": { query throws(Problem) in _ = try ScheduleListQuery(query) },
        "previewSchedule": { query throws(Problem) in _ = try SchedulePreviewQuery(query) },
        "getQueue": { query throws(Problem) in _ = try NamespaceQuery(query) },
        "followEvents": { query throws(Problem) in _ = try NamespaceQuery(query) },
    ]

    private struct Parameter {
        let name: String
        let isRequired: Bool
        let schema: JSONValue
        /// As it is written in a query.
        var written: String { schema["type"] == .string("object") ? "\(name)[NAME]" : name }
    }

    private static func parameters() throws -> [String: [Parameter]] {
        let document = try SchemaChecker.contract().document
        var found: [String: [Parameter]] = [:]
        for (_, path) in document["paths"]?.object ?? [:] {
            for (_, operation) in path.object ?? [:] {
                guard let id = operation["operationId"]?.string else { continue }
                let all = (operation["parameters"]?.array ?? []).map { parameter in
                    let target = parameter["$ref"]?.string?.split(separator: "/").last.map(String.init)
                    return target.flatMap { document["components"]?["parameters"]?[$0] } ?? parameter
                }
                found[id] = all.filter { $0["in"] == .string("query") }.map {
                    Parameter(
                        name: $0["name"]?.string ?? "", isRequired: $0["required"] == .bool(true),
                        schema: $0["schema"] ?? .null)
                }
            }
        }
        return found
    }

    private func refusal(_ reader: (String?) throws(Problem) -> Void, _ query: String) -> Problem? {
        do throws(Problem) { try reader(query) } catch { return error }
        return nil
    }

    @Test func everyOperationWithAQueryHasAReader() throws {
        let withQuery = try Self.parameters().filter { !$0.value.isEmpty }.keys
        #expect(Set(withQuery) == Set(Self.readers.keys))
    }

    @Test(arguments: readers.keys.sorted())
    func itTakesExactlyTheseParameters(operation: String) throws {
        let reader = try #require(Self.readers[operation])
        let parameters = try #require(try Self.parameters()[operation])
        let problem = try #require(refusal(reader, "surplus=1"))
        let message = try #require(problem.errors.first { $0.field == "surplus" }?.message)
        let listed = try #require(message.split(separator: "allowed are ").last).split(separator: ", ").map(String.init)
        #expect(Set(listed) == Set(parameters.map(\.written)))
        #expect(
            Set(problem.errors.filter { $0.message == "is required" }.map(\.field))
                == Set(parameters.filter(\.isRequired).map(\.name)))
    }

    private static let values = [
        "", "1", "0", "50", "500", "501", "-1", "1048576", "1048577", "1000000", "1000001", "true", "false", "json",
        "csv",
        "finance", "Not%20A%20Name", "Running", "Done", "2026-10-01T00:00:00Z", "2026-10-01",
        String(repeating: "a", count: 63), String(repeating: "a", count: 64), String(repeating: "a", count: 65),
        String(repeating: "a", count: 201), String(repeating: "a", count: 254), String(repeating: "a", count: 321),
    ]

    /// As a server of the contract reads a text of a query.
    private static func value(_ text: String, _ schema: JSONValue) -> JSONValue {
        let plain = text.replacing("%20", with: " ")
        switch schema["type"]?.string {
        case "integer": return Int64(plain).map(JSONValue.integer) ?? .string(plain)
        case "boolean": return plain == "true" ? .bool(true) : plain == "false" ? .bool(false) : .string(plain)
        case "array": return .array([.string(plain)])
        default: return .string(plain)
        }
    }

    @Test(arguments: readers.keys.sorted())
    func itTakesTheValuesOfItsSchemas(operation: String) throws {
        let reader = try #require(Self.readers[operation])
        // Cursors are nobody else's to make.
        for parameter in try #require(try Self.parameters()[operation]) where parameter.name != "cursor" {
            for text in Self.values where parameter.written == parameter.name {
                var checker = try SchemaChecker.contract()
                checker.check(Self.value(text, parameter.schema), parameter.schema, at: "", named: "")
                let problem = refusal(reader, "\(parameter.name)=\(text)")
                let isTaken = problem?.errors.contains { $0.field == parameter.name } != true
                #expect(isTaken == checker.faults.isEmpty, "\(parameter.name)=\(text)")
            }
        }
    }
}
