import FoundationEssentials
import JSONReading
package import KubernetesModel
import ReportAPI

/// One object that is, or was meant to be, of the operator's group.
package struct LintObject: Sendable {
    /// Why it can't be read, for people.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    package let place: String
    package let object: JSONValue

    private static let kinds = [
        ReportPipeline.resourceKind, ReportRequest.resourceKind, ReportSchedule.resourceKind,
        ReportTrigger.resourceKind, ReportChannel.resourceKind, ReportDelivery.resourceKind,
    ]

    init(_ manifest: LintManifest) {
        place = manifest.place
        object = manifest.object
    }

    private var apiVersion: String? { object["apiVersion"]?.string }

    private var name: String? { object["metadata"]?["name"]?.string }

    /// Also one whose version, or group, is a slip.
    var isOurs: Bool {
        if let apiVersion, apiVersion == ReportsAPI.group || apiVersion.hasPrefix("\(ReportsAPI.group)/") {
            return true
        }
        guard object.object != nil else { return true }
        return apiVersion == nil && Self.kinds.contains { $0.kind == object["kind"]?.string }
    }

    package var subject: String {
        guard let kind = object["kind"]?.string else { return "document" }
        return "\(kind) \(name ?? object["metadata"]?["generateName"]?.string ?? "without a name")"
    }

    package var kind: ResourceKind? {
        Self.kinds.first { $0.kind == object["kind"]?.string && $0.apiVersion == apiVersion }
    }

    package func key(in namespace: String) -> ObjectKey? {
        name.map { ObjectKey(namespace: object["metadata"]?["namespace"]?.string ?? namespace, name: $0) }
    }

    /// What is wrong with what every object has.
    var headFaults: [String] {
        guard object.object != nil else { return ["is not an object with apiVersion, kind, metadata and spec"] }
        let version = ReportPipeline.resourceKind.apiVersion
        guard apiVersion == version else {
            return ["apiVersion: \(object["apiVersion"]?.brief ?? "is absent;") must be \(version)"]
        }
        guard kind != nil else {
            let kinds = Self.kinds.map(\.kind).joined(separator: ", ")
            return ["kind: \(object["kind"]?.brief ?? "is absent;") must be one of \(kinds)"]
        }
        var faults: [String] = []
        if let name {
            if !NameForm.isSubdomain(name) {
                faults.append(
                    "metadata.name: \(JSONValue.string(name).brief) must be lower-case letters, digits, "
                        + "dashes and dots")
            }
        } else if object["metadata"]?["generateName"]?.string == nil {
            faults.append("metadata.name: is required")
        }
        let known = ["apiVersion", "kind", "metadata", "spec", "status"]
        faults += (object.object ?? [:]).keys.filter { !known.contains($0) }.sorted().map(Self.unknown)
        if object["spec"] == nil { faults.append("spec: is required") }
        return faults
    }

    /// As the operator would read it in that namespace.
    func read<R: KubernetesResource>(_ type: R.Type, in namespace: String) -> Result<R, Fault> {
        guard case .object(var members) = object, case .object(var metadata)? = members["metadata"] else {
            return .failure(Fault(description: "metadata: is required"))
        }
        if metadata["namespace"] == nil { metadata["namespace"] = .string(namespace) }
        members["metadata"] = .object(metadata)
        // What somebody wrote there is nobody's.
        members["status"] = nil
        do {
            return .success(try JSONReader().decode(type, from: JSONValue.object(members).jsonText))
        } catch let error as DecodingError {
            return .failure(Fault(description: error.sentence))
        } catch {
            return .failure(Fault(description: "\(error)"))
        }
    }

    /// The same without a field of its spec, such as `spec.stages[1].timeout`; nil where there is no such field, and for an
    /// item of a list, without which others would be in its place.
    func without(_ field: Substring) -> LintObject? {
        let path = field.split { ".[]".contains($0) }
        guard path.first == "spec", field.last != "]", let rest = object.without(path[...]) else { return nil }
        return LintObject(LintManifest(place: place, object: rest))
    }

    /// The fields that `spec` hasn't kept.
    func unknownFields(besides spec: some Encodable) -> [String] {
        guard let given = object["spec"], let bytes = try? JSONEncoder().encode(spec),
            let kept = try? JSONReader().decode(JSONValue.self, from: bytes)
        else { return [] }
        return Self.unknown(in: given, besides: kept, at: "spec")
    }

    private static func unknown(in given: JSONValue, besides kept: JSONValue, at path: String) -> [String] {
        switch (given, kept) {
        case (.object(let given), .object(let kept)):
            return given.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
                guard let other = kept[key] else { return value == .null ? [] : [unknown("\(path).\(key)")] }
                return unknown(in: value, besides: other, at: "\(path).\(key)")
            }
        case (.array(let given), .array(let kept)):
            return zip(given, kept).enumerated().flatMap { index, pair in
                unknown(in: pair.0, besides: pair.1, at: "\(path)[\(index)]")
            }
        default: return []
        }
    }

    private static func unknown(_ field: String) -> String {
        "\(field): is unknown, and a cluster may drop it without a word; check how it is spelled"
    }
}

extension JSONValue {
    /// Without the member at the path's end; nil where the path leads nowhere.
    fileprivate func without(_ path: ArraySlice<Substring>) -> JSONValue? {
        guard let first = path.first else { return nil }
        switch self {
        case .object(var members):
            let key = String(first)
            guard let value = members[key] else { return nil }
            if path.count == 1 {
                members[key] = nil
            } else {
                guard let rest = value.without(path.dropFirst()) else { return nil }
                members[key] = rest
            }
            return .object(members)
        case .array(var items):
            guard path.count > 1, let index = Int(first), items.indices.contains(index),
                let rest = items[index].without(path.dropFirst())
            else { return nil }
            items[index] = rest
            return .array(items)
        default: return nil
        }
    }
}
