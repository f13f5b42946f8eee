/// A type that takes whatever comes, such as `JSONValue`: it walks the values one after the other, since Codable would have
/// it try one type after the other, and a container for each value.
public protocol JSONTree: Decodable {
    /// The value that begins where the walker is; the walker is behind it then. `depth` is how many arrays and objects stand
    /// around it, in the value that it is a part of.
    init(_ walker: inout JSONWalker, depth: Int) throws
    /// `count` of them, which are the elements of a list.
    static func list(_ count: Int, _ walker: inout JSONWalker, depth: Int) throws -> [Self]
}

extension JSONNodeDecoder {
    public func tree<Tree: JSONTree>(_ type: Tree.Type) throws -> Tree {
        try withExtendedLifetime(document) {
            var walker = JSONWalker(document, at: index)
            return try Tree(&walker, depth: 0)
        }
    }

    /// The elements of the array that this is, each of which begins at the depth 0. Those that are neither lists nor objects aren't
    /// counted in, but aren't more than what may be taken either.
    func trees<Tree: JSONTree>(_ type: Tree.Type) throws -> [Tree] {
        try withExtendedLifetime(document) {
            let count = document.count(index)
            try document.expect(count, at: index)
            var walker = JSONWalker(document, at: index + 1)
            return try Tree.list(count, &walker, depth: 0)
        }
    }

    /// What `make` makes of the members of the object that this is, each of which begins at the depth 0, and which are counted in the
    /// same way. It is given their number, and the walker that is at the first key.
    public func walkMembers<Made>(_ make: (Int, inout JSONWalker) throws -> Made) throws -> Made {
        guard node.kind == .object else { throw mismatch([String: Any].self) }
        return try withExtendedLifetime(document) {
            let count = document.count(index)
            try document.expect(count, at: index)
            var walker = JSONWalker(document, at: index + 1)
            return try make(count, &walker)
        }
    }

    /// Begins to count anew what is taken into such values: for a part that has bounds of its own.
    public func countAnew() {
        document.countAnew()
    }
}

/// Goes through the values of a document in the order of its text. It doesn't keep the document alive, whose count of
/// references would be changed for each value.
public struct JSONWalker {
    public enum Shape {
        case null
        case bool(Bool)
        case integer(Int64)
        /// A number whose digits a `Double` keeps.
        case number(Double)
        /// A number of more digits than any of our types keeps, as it was written.
        case decimal(String)
        case string(String)
        /// The number of values that come next and are its elements.
        case array(Int)
        /// The number of keys and values that come next and are its members.
        case object(Int)
        /// An array or object that has more levels than are allowed, or is one too many, and how it is to be shown to people instead.
        case replaced(String)
    }

    private unowned(unsafe) let document: JSONDocument
    private var index: Int

    init(_ document: JSONDocument, at index: Int) {
        self.document = document
        self.index = index
    }

    /// Throws for what is too deep or too much; it says how deep or much it is and what is allowed.
    public mutating func next(depth: Int) throws -> Shape {
        let node = document.nodes[index]
        let here = index
        index += 1
        switch node.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .string, .escaped: return .string(document.string(here))
        case .number: return JSONNumber.shape(document.text(here))
        case .array, .object, .buried: break
        }
        if depth + Int(node.height) > document.maximumDepth, let text = try deep(node, at: here, depth: depth) {
            index = Int(node.next)
            return .replaced(text)
        }
        if document.replacesDeepValues, !document.show(here) {
            index = Int(node.next)
            return .replaced("(left out: more lists and objects than are shown)")
        }
        if depth == 0 { try document.take(here) }
        let count = document.count(here)
        return node.kind == .array ? .array(count) : .object(count)
    }

    /// The key where this is, of a member of an object.
    public mutating func key() throws -> String {
        guard let name = document.dictionaryKey(index) else { throw document.keyFault(index) }
        index += 1
        return name
    }

    private func deep(_ node: JSONNode, at index: Int, depth: Int) throws -> String? {
        let allowed = document.maximumDepth
        let levels = node.height == .max ? "\(node.height) or more" : "\(node.height)"
        guard document.replacesDeepValues else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: document.path(to: index),
                    debugDescription: "is nested \(levels) levels deep; at most \(allowed) are allowed"))
        }
        // What people look at is cut where it gets too deep, not as a whole.
        guard depth >= allowed || node.kind == .buried else { return nil }
        return "(left out: nested \(levels) levels deeper)"
    }
}
