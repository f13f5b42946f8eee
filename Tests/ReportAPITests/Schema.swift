import Foundation
import KubernetesModel
import YAMLCoding

/// One file of crds/, read as the API server would read it.
struct ResourceDefinition {
    let name: String
    let content: JSONValue

    static func pipelines() throws -> ResourceDefinition { try ResourceDefinition(name: "reportpipelines") }
    static func requests() throws -> ResourceDefinition { try ResourceDefinition(name: "reportrequests") }

    static func schedules() throws -> ResourceDefinition { try ResourceDefinition(name: "reportschedules") }

    static func triggers() throws -> ResourceDefinition { try ResourceDefinition(name: "reporttriggers") }

    static func channels() throws -> ResourceDefinition { try ResourceDefinition(name: "reportchannels") }
    static func deliveries() throws -> ResourceDefinition { try ResourceDefinition(name: "reportdeliveries") }

    init(name: String) throws {
        self.name = name
        content = try YAMLDecoder().decode(
            JSONValue.self, from: try Data(contentsOf: Repository.root.appending(path: "crds/\(name).yaml")))
    }

    /// The only version there is.
    var version: JSONValue { content["spec"]?["versions"]?.array?.first ?? .null }

    /// The schema of the whole object.
    var schema: Schema { Schema(path: "", json: version["schema"]?["openAPIV3Schema"] ?? .null) }
}

enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}

/// A node of an OpenAPI schema, and where it stands: `spec.stages[].name`.
struct Schema {
    let path: String
    let json: JSONValue

    var type: String? { json["type"]?.string }
    var format: String? { json["format"]?.string }
    var pattern: String? { json["pattern"]?.string }
    var listType: String? { json["x-kubernetes-list-type"]?.string }
    var enumeration: [String]? { json["enum"]?.array?.compactMap(\.string) }
    var required: Set<String> { Set(json["required"]?.array?.compactMap(\.string) ?? []) }
    var rules: [JSONValue] { json["x-kubernetes-validations"]?.array ?? [] }
    var keepsUnknownFields: Bool { json["x-kubernetes-preserve-unknown-fields"] == .bool(true) }
    var isIntegerOrString: Bool { json["x-kubernetes-int-or-string"] == .bool(true) }

    var properties: [String: Schema] {
        Dictionary(
            uniqueKeysWithValues: (json["properties"]?.object ?? [:]).map { name, schema in
                (name, Schema(path: path.isEmpty ? name : "\(path).\(name)", json: schema))
            })
    }

    var items: Schema? { json["items"].map { Schema(path: "\(path)[]", json: $0) } }

    var additionalProperties: Schema? { json["additionalProperties"].map { Schema(path: "\(path).*", json: $0) } }

    /// The node at `path`, where every step is a property's name.
    subscript(path: String) -> Schema? {
        path.split(separator: ".").reduce(self) { $0?.properties[String($1)] }
    }

    /// This node and all below it.
    var all: [Schema] {
        [self] + properties.values.sorted { $0.path < $1.path }.flatMap(\.all) + (items?.all ?? [])
            + (additionalProperties?.all ?? [])
    }

    func integer(_ keyword: String) -> Int64? {
        if case .integer(let value) = json[keyword] { value } else { nil }
    }
}
