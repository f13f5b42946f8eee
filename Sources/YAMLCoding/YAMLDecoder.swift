package import FoundationEssentials

/// Reads values from YAML as kubectl reads manifests.
///
/// A type mismatch is an error, with its place: an unquoted `yes` or `12` isn't a text. For example:
///
///     let config = try YAMLDecoder().decode(Kubeconfig.self, from: data)
package struct YAMLDecoder: Sendable {
    package init() {}

    /// The one document in `data`. An empty one decodes as null does.
    package func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws(YAMLError) -> Value {
        let documents = try YAMLComposer.documents(in: data)
        if documents.count > 1 {
            throw YAMLError("a second document", line: documents[1].mark.line, column: documents[1].mark.column)
        }
        return try Self.decode(type, documents.first ?? Self.nothing)
    }

    package func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws(YAMLError) -> Value {
        try decode(type, from: Data(text.utf8))
    }

    /// Every document in `data`, without the empty ones that stray separators leave.
    package func decodeAll<Value: Decodable>(_ type: Value.Type, from data: Data) throws(YAMLError) -> [Value] {
        try decodeEach(type, from: data).map(\.value)
    }

    /// As `decodeAll`, each with the line that it begins at, counted from 1.
    package func decodeEach<Value: Decodable>(
        _ type: Value.Type, from data: Data
    ) throws(YAMLError) -> [(line: Int, value: Value)] {
        var values: [(line: Int, value: Value)] = []
        for document in try YAMLComposer.documents(in: data) {
            if case .scalar(.null) = document.content { continue }
            values.append((document.mark.line, try Self.decode(type, document)))
        }
        return values
    }

    private static var nothing: YAMLNode { YAMLNode(.scalar(.null), mark: .init(line: 1, column: 1)) }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ root: YAMLNode) throws(YAMLError) -> Value {
        do {
            return try YAMLNodeDecoder(root, []).decode(type)
        } catch let error as YAMLError {
            throw error
        } catch let error as DecodingError {
            throw YAMLError(error, in: root)
        } catch {
            throw YAMLError("\(error)", line: root.mark.line, column: root.mark.column)
        }
    }
}

extension YAMLError {
    /// A mistake that a type's own `init(from:)` found, at the place that its path leads to.
    init(_ error: DecodingError, in root: YAMLNode) {
        let (context, message): (DecodingError.Context, String) =
            switch error {
            case .typeMismatch(_, let context), .dataCorrupted(let context): (context, context.debugDescription)
            case .valueNotFound(_, let context): (context, context.debugDescription)
            case .keyNotFound(let key, let context): (context, "the field \(key.stringValue) is missing")
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
            }
        var node = root
        for key in context.codingPath {
            switch node.content {
            case .mapping(let members):
                guard let member = members.first(where: { $0.key == key.stringValue }) else { continue }
                node = member.value
            case .sequence(let elements):
                guard let index = key.intValue, elements.indices.contains(index) else { continue }
                node = elements[index]
            case .scalar: continue
            }
        }
        self.init(message, line: node.mark.line, column: node.mark.column, path: Self.path(context.codingPath))
    }

    static func path(_ keys: [any CodingKey]) -> String {
        let text = keys.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        return text.first == "." ? String(text.dropFirst()) : text
    }
}
