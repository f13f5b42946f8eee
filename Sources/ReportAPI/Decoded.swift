import JSONReading

/// A part of a manifest that may have passed the server's schema and still not be what the types say.
///
/// The fault is kept instead of thrown, so that the object stays visible and its status can say what to fix.
public enum Decoded<Value: Codable & Sendable>: Sendable {
    case value(Value)
    /// Where it is wrong and what was expected, for a person.
    case fault(String)

    /// The most bytes of JSON that are read; a pipeline may have half of it, and parameters an eighth. What is larger isn't kept.
    public static var maximumBytes: Int { 512 * 1024 }

    public init<Key: CodingKey>(from container: KeyedDecodingContainer<Key>, forKey key: Key) {
        if let part = try? container.superDecoder(forKey: key) as? JSONNodeDecoder, part.byteCount > Self.maximumBytes {
            self = .fault(
                "\(key.stringValue): is \(part.byteCount) bytes long; at most \(Self.maximumBytes) are allowed")
            return
        }
        do {
            self = .value(try container.decode(Value.self, forKey: key))
        } catch let error as DecodingError {
            // A watch has the object one level down, a list has it in itself.
            self = .fault(error.sentence(below: container.codingPath.count))
        } catch {
            self = .fault("\(key.stringValue): \(error)")
        }
    }

    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    public var fault: String? {
        if case .fault(let fault) = self { fault } else { nil }
    }
}

extension ReportRequest { public var specFault: String? { spec.fault } }
extension ReportPipeline { public var specFault: String? { spec.fault } }
extension ReportSchedule { public var specFault: String? { spec.fault } }
extension ReportTrigger { public var specFault: String? { spec.fault } }
extension ReportChannel { public var specFault: String? { spec.fault } }
extension ReportDelivery { public var specFault: String? { spec.fault } }

extension Decoded: Encodable {
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .value(let value): try value.encode(to: encoder)
        case .fault(let message):
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "never decoded: \(message)"))
        }
    }
}

extension DecodingError {
    /// `spec.stages[1].timeout: …`, for a person who has the manifest before her.
    public var sentence: String { sentence(below: 0) }

    /// The same, with a path that begins `level` levels down.
    func sentence(below level: Int) -> String {
        func path(_ keys: [any CodingKey]) -> String { Self.path(Array(keys.dropFirst(level))) }
        return switch self {
        case .typeMismatch(let type, let context):
            "\(path(context.codingPath)): expected \(Self.name(of: type))"
        case .valueNotFound(let type, let context):
            "\(path(context.codingPath)): expected \(Self.name(of: type)), found null"
        case .keyNotFound(let key, let context):
            "\(path(context.codingPath + [key])): is required"
        case .dataCorrupted(let context):
            "\(path(context.codingPath)): \(context.debugDescription)"
        @unknown default:
            "\(self)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any FixedWidthInteger.Type: "an integer"
        case is any Collection.Type: "a list or an object"
        default: "\(type)"
        }
    }
}
