import Glibc

/// A value that was read whole: the row of its nodes over its bytes. It doesn't own the bytes, so it never outlives the
/// closure that has them.
final class JSONDocument {
    let bytes: UnsafePointer<UInt8>
    let nodes: UnsafePointer<JSONNode>
    private let tape: JSONTape
    var maximumDepth = JSONReader.valueDepth
    /// What is too deep, and lists and objects that are too many, are replaced by a sentence that says so, instead of being an error.
    var replacesDeepValues = false { didSet { countAnew() } }
    /// How many more nodes may be taken into values that take whatever comes.
    private var valueNodes = JSONReader.valueNodes
    /// How many lists and objects that aren't empty are among those that were.
    private var valueContainers = 0
    /// How many of them may still be shown to people.
    private var shownContainers = 0
    /// How long these are as the shortest text, roughly, however they were written: what was accepted goes through other hands, which
    /// write it in their own way, and is read again.
    private var valueBytes = 0
    /// How many more elements of other types may be read; nil before the first.
    private var elements: Int?
    /// The longest key in bytes that may have other characters than ASCII's, where keys become those of a dictionary.
    var otherKeyBytes = 0

    init(bytes: UnsafePointer<UInt8>, tape: consuming JSONTape) {
        self.bytes = bytes
        nodes = UnsafePointer(tape.nodes)
        self.tape = tape
    }

    func isString(_ index: Int) -> Bool {
        switch nodes[index].kind {
        case .string, .escaped: true
        case .null, .false, .true, .number, .array, .object, .buried: false
        }
    }

    func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: bytes + Int(nodes[index].start), count: Int(nodes[index].length))
    }

    /// The text of a string or a key.
    func string(_ index: Int) -> String {
        nodes[index].kind == .escaped
            ? JSONText.unescaped(text(index)) : String(decoding: text(index), as: UTF8.self)
    }

    /// The key at `index`, for a dictionary. Of others than ASCII's a dictionary brings the characters into Unicode's
    /// normal form, at a hundred times the cost, and at the square of it where accents follow each other.
    ///
    /// - Returns: nil where it may not be one.
    func dictionaryKey(_ index: Int) -> String? {
        if nodes[index].kind != .escaped {
            let text = text(index)
            guard text.count <= otherKeyBytes || JSONText.isASCII(text) else { return nil }
            return String(decoding: text, as: UTF8.self)
        }
        let key = string(index)
        return key.utf8.count <= otherKeyBytes || key.utf8.allSatisfy { $0 < 0x80 } ? key : nil
    }

    /// What is said of a key that may not be one.
    func keyFault(_ key: Int) -> DecodingError {
        let allowed = otherKeyBytes == 0 ? "" : " of more than \(otherKeyBytes) bytes"
        return .dataCorrupted(
            .init(
                codingPath: path(to: key).dropLast(),
                debugDescription: "has a key of \(nodes[key].length) bytes with other characters than ASCII's; keys"
                    + "\(allowed) are of these alone"))
    }

    /// Whether the key at `index` is `name`.
    func isKey(_ index: Int, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let text = text(index)
        if nodes[index].kind == .escaped { return JSONText.isUnescaped(text, name) }
        guard text.count == name.count, let first = name.baseAddress else { return text.isEmpty && name.isEmpty }
        return memcmp(bytes + Int(nodes[index].start), first, text.count) == 0
    }

    /// The value of the last member of that name, as servers read an object that names one twice; nil without one.
    func member(_ name: String, of object: Int) -> Int? {
        var name = name
        return name.withUTF8 { name in
            var found: Int?
            var index = object + 1
            let end = Int(nodes[object].next)
            while index < end {
                if isKey(index, name) { found = index + 1 }
                index = Int(nodes[index + 1].next)
            }
            return found
        }
    }

    /// How many elements or members the array or object at `index` has.
    func count(_ index: Int) -> Int {
        let end = nodes[index].next
        let isObject = nodes[index].kind == .object
        var (count, next) = (0, index + 1)
        while next < end {
            next = Int(nodes[isObject ? next + 1 : next].next)
            count += 1
        }
        return count
    }

    /// Counts what is in a value that takes whatever comes.
    func take(_ index: Int) throws {
        let count = Int(nodes[index].next) - index
        try expect(count, at: index)
        valueNodes -= count
        guard !replacesDeepValues else { return }
        // Many empty ones cost no more than numbers.
        if count == 1 {
            valueBytes += 3
            return
        }
        for node in index..<index + count {
            switch nodes[node].kind {
            case .string: valueBytes += Int(nodes[node].length) + 3
            case .escaped: valueBytes += JSONText.unescapedCount(text(node)) + 3
            case .null, .true, .false, .number, .buried: valueBytes += 2
            case .array, .object:
                valueBytes += 3
                if nodes[node].next > node + 1 { valueContainers += 1 }
            }
        }
        guard valueContainers <= JSONReader.containers + valueBytes / JSONReader.containerBytes else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: path(to: index),
                    debugDescription:
                        "brings the lists and objects to \(valueContainers) in \(valueBytes) bytes; at most "
                        + "\(JSONReader.containers), and one more for each \(JSONReader.containerBytes) bytes, are "
                        + "allowed in all that one object passes on"))
        }
    }

    /// Whether one more list or object is shown to people, where that isn't empty.
    func show(_ index: Int) -> Bool {
        if nodes[index].next == index + 1 { return true }
        shownContainers -= 1
        return shownContainers >= 0
    }

    /// Refuses `count` values and keys where that many may not be taken any more.
    func expect(_ count: Int, at index: Int) throws {
        guard count > valueNodes else { return }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: path(to: index),
                debugDescription:
                    "has \(count) values and keys; at most \(JSONReader.valueNodes) are allowed in all that one "
                    + "object passes on"))
    }

    /// How many members the object at `index` has. Throws where these are more than any object may have.
    func members(_ index: Int) throws -> Int {
        let count = count(index)
        guard count > JSONReader.members else { return count }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: path(to: index),
                debugDescription: "has \(count) members; at most \(JSONReader.members) are allowed"))
    }

    /// Counts the elements of a list or dictionary of a type of its own, before any of them is made.
    func takeElements(of index: Int) throws {
        let count = count(index)
        let left = elements ?? JSONReader.elements(inBytes: Int(nodes[0].length))
        elements = left - count
        guard count > left, !replacesDeepValues else { return }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: path(to: index),
                debugDescription:
                    "has \(count) elements; at most \(JSONReader.elements), and one more for each "
                    + "\(JSONReader.elementBytes) bytes, are allowed in one object"))
    }

    /// Begins to count anew what is taken into such values.
    func countAnew() {
        valueNodes = replacesDeepValues ? .max : JSONReader.valueNodes
        (valueContainers, valueBytes) = (0, 0)
        shownContainers = JSONReader.containers + Int(nodes[0].length) / JSONReader.containerBytes
    }

    /// The way from the outermost value to a node. It walks the document, so it is for errors.
    func path(to target: Int) -> [JSONKey] {
        var path: [JSONKey] = []
        var container = 0
        while container < target {
            let isObject = nodes[container].kind == .object
            var (index, position) = (container + 1, 0)
            while true {
                let value = isObject ? index + 1 : index
                let next = Int(nodes[value].next)
                guard value < nodes[container].next else { return path }
                if target < next {
                    path.append(isObject ? JSONKey(stringValue: string(index)) : JSONKey(intValue: position))
                    if target <= value { return path }
                    container = value
                    break
                }
                (index, position) = (next, position + 1)
            }
        }
        return path
    }
}

/// A step of a path.
struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "\(intValue)"
        self.intValue = intValue
    }
}
