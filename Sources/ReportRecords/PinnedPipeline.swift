internal import FoundationEssentials
internal import JSONReading
internal import KubernetesModel
public import ReportAPI

/// The pipeline as a run was accepted with it, in a form that MongoDB takes and gives back exactly.
///
/// A document with the pipeline's own fields, so that people can ask for an image or a stage. Pod templates pass through
/// the operator unread, and may have keys that MongoDB refuses; then a document with one member, `json`.
public enum PinnedPipeline: Hashable, Sendable {
    case spec(PipelineSpec)
    /// Left out, since the record would have been too large.
    case omitted
}

extension PinnedPipeline: Codable {
    private enum CodingKeys: String, CodingKey { case json, omitted }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try container.decodeIfPresent(String.self, forKey: .json) {
            // Our own text, perhaps of a release that took more levels.
            self = .spec(try JSONReader(maximumDepth: 100).decode(PipelineSpec.self, from: text))
        } else if try container.decodeIfPresent(Bool.self, forKey: .omitted) == true {
            self = .omitted
        } else {
            self = .spec(try PipelineSpec(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .spec(let spec) where spec.hasPlainKeys:
            try spec.encode(to: encoder)
        case .spec(let spec):
            let json = JSONEncoder()
            json.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(String(decoding: try json.encode(spec), as: UTF8.self), forKey: .json)
        case .omitted:
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(true, forKey: .omitted)
        }
    }
}

extension PipelineSpec {
    fileprivate var hasPlainKeys: Bool {
        stages.allSatisfy { stage in
            let rest = [stage.resources, stage.podTemplate].compactMap(\.self)
            let values = (stage.env ?? []) + (stage.envFrom ?? []) + rest
            return values.allSatisfy { $0.hasPlainKeys(depth: 0) }
                && (parameters ?? []).allSatisfy { $0.default?.hasPlainKeys(depth: 0) ?? true }
        }
    }
}

extension JSONValue {
    /// MongoDB nests 100 deep at most, of which the record takes a few.
    private static let maximumDepth = 64

    /// Keys with dots are fine; those with a dollar in front mean something to older servers, and BSON itself can't hold
    /// a zero byte.
    fileprivate func hasPlainKeys(depth: Int) -> Bool {
        switch self {
        case .null, .bool, .integer, .number, .decimal, .string: true
        case .array(let elements):
            depth < Self.maximumDepth && elements.allSatisfy { $0.hasPlainKeys(depth: depth + 1) }
        case .object(let members):
            depth < Self.maximumDepth
                && members.allSatisfy { key, value in
                    !key.isEmpty && !key.utf8.starts(with: "$".utf8) && !key.utf8.contains(0)
                        && value.hasPlainKeys(depth: depth + 1)
                }
        }
    }
}
