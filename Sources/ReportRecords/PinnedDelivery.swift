internal import FoundationEssentials
internal import JSONReading
public import ReportAPI

/// One entry of what goes out at a run's end, as it was decided when the run was accepted, in a form that MongoDB takes and
/// gives back exactly.
///
/// A document with the entry's own fields; where a column of `only` has a name that MongoDB refuses, one with `json` alone.
public struct PinnedDelivery: Hashable, Sendable {
    public var entry: DeliverSpec

    public init(_ entry: DeliverSpec) { self.entry = entry }
}

extension PinnedDelivery: Codable {
    private enum CodingKeys: String, CodingKey { case json }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try container.decodeIfPresent(String.self, forKey: .json) {
            entry = try JSONReader(maximumDepth: 8).decode(DeliverSpec.self, from: text)
        } else {
            entry = try DeliverSpec(from: decoder)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        let columns = (entry.only ?? [:]).keys
        guard columns.contains(where: { $0.isEmpty || $0.utf8.first == 0x24 || $0.utf8.contains(0) }) else {
            return try entry.encode(to: encoder)
        }
        let json = JSONEncoder()
        json.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(String(decoding: try json.encode(entry), as: UTF8.self), forKey: .json)
    }
}
