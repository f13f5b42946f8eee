/// Lists and dictionaries, without a container of Codable's and a key for each element: these cost more than what is in them.
extension JSONNodeDecoder {
    /// nil where the type isn't a list or dictionary with texts for keys, or this node is of the other kind.
    func collection<Value: Decodable>(_ type: Value.Type) throws -> Value? {
        if node.kind == .array {
            // Those that cost least are told apart first: their elements take more time to be asked for than to be read.
            if type == [String].self { return try elements { try $0.string() } as? Value }
            if type == [Int].self { return try elements { try $0.integer(Int.self) } as? Value }
            if type == [Int64].self { return try elements { try $0.integer(Int64.self) } as? Value }
            if type == [Double].self { return try elements { try $0.double() } as? Value }
            if type == [Bool].self { return try elements { try $0.bool() } as? Value }
            guard let list = type as? any JSONList.Type else { return nil }
            return try list.read(self) as? Value
        }
        if type == [String: String].self { return try members { try $0.string() } as? Value }
        if type == [String: Int].self { return try members { try $0.integer(Int.self) } as? Value }
        guard let dictionary = type as? any JSONDictionary.Type else { return nil }
        return try dictionary.read(self) as? Value
    }

    fileprivate func elements<Element>(_ read: (JSONNodeDecoder) throws -> Element) throws -> [Element] {
        // An array of a type that isn't known here asks for its own metadata with each element that is appended.
        try [Element](unsafeUninitializedCapacity: document.count(index)) { elements, count in
            var element = index + 1
            while element < node.next {
                elements.initializeElement(at: count, to: try read(JSONNodeDecoder(document, element)))
                count += 1
                element = Int(document.nodes[element].next)
            }
        }
    }

    fileprivate func members<Element>(_ read: (JSONNodeDecoder) throws -> Element) throws -> [String: Element] {
        var members = [String: Element](minimumCapacity: try document.members(index))
        var key = index + 1
        while key < node.next {
            guard let name = document.dictionaryKey(key) else { throw document.keyFault(key) }
            members[name] = try read(JSONNodeDecoder(document, key + 1))
            key = Int(document.nodes[key + 1].next)
        }
        return members
    }
}

private protocol JSONList { static func read(_ decoder: JSONNodeDecoder) throws -> Self }

private protocol JSONDictionary { static func read(_ decoder: JSONNodeDecoder) throws -> Self }

extension Array: JSONList where Element: Decodable {
    fileprivate static func read(_ decoder: JSONNodeDecoder) throws -> Self {
        func list<Tree: JSONTree>(_ type: Tree.Type) throws -> Any { try decoder.trees(type) }
        if let type = Element.self as? any JSONTree.Type, let list = try list(type) as? Self { return list }
        try decoder.document.takeElements(of: decoder.index)
        return try decoder.elements { try $0.decode(Element.self) }
    }
}

extension Dictionary: JSONDictionary where Key == String, Value: Decodable {
    fileprivate static func read(_ decoder: JSONNodeDecoder) throws -> Self {
        try decoder.document.takeElements(of: decoder.index)
        return try decoder.members { try $0.decode(Value.self) }
    }
}
