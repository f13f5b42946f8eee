package import JSONReading
import KubernetesModel
import ReportAPI

/// A body as it was sent: members in their order, those that are named twice too.
package enum BodyValue: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: BodyValue
    }

    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case decimal(String)
    case string(String)
    case array([BodyValue])
    case object([Member])

    /// Of what a body is, in bytes.
    package static let maximumBytes = 256 << 10
    /// Levels of lists and objects.
    private static let maximumDepth = 16

    /// - Throws: 400 for what is no JSON or too deep, 413 for what is too long.
    package static func read(_ bytes: [UInt8]) throws(Problem) -> BodyValue {
        do {
            return try JSONReader(maximumBytes: maximumBytes, maximumDepth: maximumDepth)
                .decode(BodyValue.self, from: bytes)
        } catch let error as JSONError {
            if case .tooLong = error.kind { throw .payloadTooLarge(limit: maximumBytes) }
            throw .badRequest("the body is \(error)")
        } catch let error as DecodingError {
            throw .badRequest("the body can't be read: \(error.sentence)")
        } catch {
            throw .badRequest("the body can't be read")
        }
    }

    /// The value without its members' order; of those named twice the last counts.
    var json: JSONValue {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .decimal(let text): .decimal(text)
        case .string(let text): .string(text)
        case .array(let elements): .array(elements.map(\.json))
        case .object(let members): .object(JSONObject(members.lazy.map { ($0.name, $0.value.json) }))
        }
    }
}

extension BodyValue: JSONTree {
    package init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? JSONNodeDecoder else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "is read by JSONReader alone"))
        }
        self = try decoder.tree(BodyValue.self)
    }

    package init(_ walker: inout JSONWalker, depth: Int) throws {
        switch try walker.next(depth: depth) {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .decimal(let text): self = .decimal(text)
        case .string(let text), .replaced(let text): self = .string(text)
        case .array(let count): self = .array(try BodyValue.list(count, &walker, depth: depth + 1))
        case .object(let count):
            var members: [Member] = []
            members.reserveCapacity(count)
            for _ in 0..<count {
                let name = try walker.key()
                members.append(Member(name: name, value: try BodyValue(&walker, depth: depth + 1)))
            }
            self = .object(members)
        }
    }

    package static func list(_ count: Int, _ walker: inout JSONWalker, depth: Int) throws -> [BodyValue] {
        var elements: [BodyValue] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try BodyValue(&walker, depth: depth)) }
        return elements
    }
}
