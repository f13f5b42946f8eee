/// Makes trees of nodes of a parser's events.
struct YAMLComposer {
    /// Levels that may be nested: a recursion over a tree needs stack for each.
    static let depthLimit = 200
    /// Nodes of one document with every alias followed. A few lines of aliases to aliases make billions.
    static let weightLimit = 1_000_000

    private let parser: YAMLParser
    /// By name; nil while the node that bears it is still open.
    private var anchors: [String: YAMLNode?] = [:]

    init(_ parser: YAMLParser) {
        self.parser = parser
    }

    /// The roots of all documents; an empty stream has none.
    static func documents(in bytes: some Collection<UInt8>) throws(YAMLError) -> [YAMLNode] {
        var composer = YAMLComposer(try YAMLParser(bytes))
        var documents: [YAMLNode] = []
        while let document = try composer.document() { documents.append(document) }
        return documents
    }

    /// The next document's root; nil at the end.
    private mutating func document() throws(YAMLError) -> YAMLNode? {
        while true {
            switch try parser.next().event {
            case .streamEnd: return nil
            case .documentStart:
                anchors = [:]
                return try node(try parser.next(), depth: 0)
            case .streamStart, .documentEnd, .alias, .scalar, .sequenceStart, .sequenceEnd, .mappingStart, .mappingEnd:
                continue
            }
        }
    }

    private mutating func node(
        _ next: (event: YAMLParser.Event, mark: YAMLNode.Mark), depth: Int
    ) throws(YAMLError) -> YAMLNode {
        let mark = next.mark
        guard depth <= Self.depthLimit else { throw Self.error("nested more than \(Self.depthLimit) levels", mark) }
        switch next.event {
        case .alias(let name):
            guard let known = anchors[name] else { throw Self.error("unknown anchor \(name)", mark) }
            guard let node = known else { throw Self.error("anchor \(name) contains itself", mark) }
            guard depth + node.depth <= Self.depthLimit else {
                throw Self.error("nested more than \(Self.depthLimit) levels", mark)
            }
            return node
        case .scalar(let text, let isPlain, let tag, let anchor):
            let node = YAMLNode(.scalar(try Self.scalar(text, isPlain: isPlain, tag: tag, mark)), mark: mark)
            if let anchor { anchors.updateValue(node, forKey: anchor) }
            return node
        case .sequenceStart(let anchor):
            return try collection(anchor, mark) { (composer) throws(YAMLError) in
                .sequence(try composer.elements(depth: depth))
            }
        case .mappingStart(let anchor):
            return try collection(anchor, mark) { (composer) throws(YAMLError) in
                .mapping(try composer.members(depth: depth))
            }
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw Self.error("a value is missing", mark)
        }
    }

    private mutating func collection(
        _ anchor: String?,
        _ mark: YAMLNode.Mark,
        _ content: (inout YAMLComposer) throws(YAMLError) -> YAMLNode.Content
    ) throws(YAMLError) -> YAMLNode {
        if let anchor { anchors.updateValue(nil, forKey: anchor) }
        let node = YAMLNode(try content(&self), mark: mark)
        guard node.weight <= Self.weightLimit else {
            throw Self.error("more than \(Self.weightLimit) nodes, aliases followed", mark)
        }
        if let anchor { anchors.updateValue(node, forKey: anchor) }
        return node
    }

    private mutating func elements(depth: Int) throws(YAMLError) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let next = try parser.next()
            if case .sequenceEnd = next.event { return elements }
            elements.append(try node(next, depth: depth + 1))
        }
    }

    private mutating func members(depth: Int) throws(YAMLError) -> [(key: String, value: YAMLNode)] {
        var members: [(key: String, value: YAMLNode)] = []
        var positions: [String: Int] = [:]
        var merged: [YAMLNode] = []
        while true {
            let next = try parser.next()
            if case .mappingEnd = next.event { break }
            let isMerge = if case .scalar("<<", true, _, _) = next.event { true } else { false }
            guard case .scalar(let scalar) = try node(next, depth: depth + 1).content else {
                throw Self.error("a key must be a scalar", next.mark)
            }
            let value = try node(try parser.next(), depth: depth + 1)
            if isMerge {
                merged += try Self.mergeSources(value)
            } else if let position = positions[scalar.key] {
                // The last one counts, as in kubectl.
                members[position] = (scalar.key, value)
            } else {
                positions[scalar.key] = members.count
                members.append((scalar.key, value))
            }
        }
        // A key of its own overrides a merged one, an earlier source a later one.
        for source in merged {
            guard case .mapping(let others) = source.content else { continue }
            for other in others where positions[other.key] == nil {
                positions[other.key] = members.count
                members.append(other)
            }
        }
        return members
    }

    private static func mergeSources(_ node: YAMLNode) throws(YAMLError) -> [YAMLNode] {
        switch node.content {
        case .mapping: return [node]
        case .sequence(let sources):
            for source in sources {
                guard case .mapping = source.content else { throw error("only mappings can be merged", source.mark) }
            }
            return sources
        case .scalar: throw error("only mappings can be merged", node.mark)
        }
    }

    private static func scalar(
        _ text: String, isPlain: Bool, tag: String?, _ mark: YAMLNode.Mark
    ) throws(YAMLError) -> YAMLScalar {
        let prefix = "tag:yaml.org,2002:"
        guard let tag, tag != "!", tag.hasPrefix(prefix) else {
            return isPlain && tag == nil ? YAMLScalar(plain: text) : .string(text)
        }
        let value = YAMLScalar(plain: text)
        switch (tag.dropFirst(prefix.count), value) {
        case ("str", _), ("binary", _), ("timestamp", _): return .string(text)
        case ("null", .null), ("bool", .bool), ("int", .integer), ("int", .unsigned), ("float", .number): return value
        case ("float", .integer(let integer)): return .number(Double(integer), text)
        case ("null", _), ("bool", _), ("int", _), ("float", _):
            throw error("\(value.kind) where the tag says \(tag.dropFirst(prefix.count))", mark)
        default: return .string(text)
        }
    }

    private static func error(_ message: String, _ mark: YAMLNode.Mark) -> YAMLError {
        YAMLError(message, line: mark.line, column: mark.column)
    }
}
