internal import JSONReading

/// The members of a JSON object, by their names. For example:
///
///     var limits: JSONObject = ["cpu": "1", "memory": .string("1Gi")]
///     limits["cpu"] = nil
///
/// A few are kept in a row, in the order of their names, and more than that in a dictionary. Nearly every object of a
/// manifest has a few, for which a dictionary takes twice the time and the memory, and would be sorted to be written.
/// Names are the same where all of their bytes are, as for the servers, and in the order of these bytes.
public struct JSONObject: Sendable {
    public typealias Element = (key: String, value: JSONValue)

    private enum Storage: Sendable {
        case few([Element])
        case many([ExactName: JSONValue])
    }

    /// How many are a few: as many as are found faster by looking at one after the other.
    private static let few = 8

    /// Equal members are always kept in the same way: it depends on their number alone.
    private var storage: Storage

    public init() { storage = .few([]) }

    private init(_ members: [ExactName: JSONValue]) {
        if members.count <= Self.few {
            storage = .few(Self.row(members))
        } else {
            storage = .many(members)
        }
    }

    private static func row(_ members: [ExactName: JSONValue]) -> [Element] {
        members.map { ($0.text, $1) }.sorted { $0.key.precedes($1.key) }
    }

    /// `choose` is given the values of two members of one name, the earlier one first.
    public init(
        _ members: some Sequence<(String, JSONValue)>,
        uniquingKeysWith choose: (JSONValue, JSONValue) -> JSONValue = { $1 }
    ) {
        self.init()
        for (name, value) in members { self[name] = self[name].map { choose($0, value) } ?? value }
    }

    /// Without the members that are nil.
    public init(present members: KeyValuePairs<String, JSONValue?>) {
        self.init(members.lazy.compactMap { name, value in value.map { (name, $0) } })
    }

    /// Each value a string.
    public init(texts: [String: String]) {
        self.init(texts.lazy.map { ($0, .string($1)) })
    }

    public var count: Int {
        switch storage {
        case .few(let row): row.count
        case .many(let members): members.count
        }
    }

    public var isEmpty: Bool { count == 0 }
    public var keys: [String] { map(\.key) }
    public var values: [JSONValue] { map(\.value) }

    public subscript(name: String) -> JSONValue? {
        get {
            switch storage {
            case .few(let row):
                for member in row where member.key.isSame(as: name) { return member.value }
                return nil
            case .many(let members): return members[ExactName(name)]
            }
        }
        set {
            if let newValue { set(name, newValue) } else { remove(name) }
        }
    }

    @discardableResult public mutating func removeValue(forKey name: String) -> JSONValue? {
        let value = self[name]
        self[name] = nil
        return value
    }

    private mutating func set(_ name: String, _ value: JSONValue) {
        switch storage {
        case .few(var row):
            // So that the row has no second owner while it changes.
            storage = .few([])
            Self.set(name, value, in: &row)
            storage =
                row.count <= Self.few
                ? .few(row) : .many(Dictionary(row.lazy.map { (ExactName($0), $1) }) { $1 })
        case .many(var members):
            storage = .few([])
            members[ExactName(name)] = value
            storage = .many(members)
        }
    }

    private static func set(_ name: String, _ value: JSONValue, in row: inout [Element]) {
        // From the end: servers write the members in their order.
        var index = row.endIndex
        while index > 0 {
            let order = name.order(to: row[index - 1].key)
            if order == 0 { return row[index - 1].value = value }
            if order > 0 { break }
            index -= 1
        }
        row.insert((name, value), at: index)
    }

    private mutating func remove(_ name: String) {
        switch storage {
        case .few(var row):
            guard let index = row.firstIndex(where: { $0.key.isSame(as: name) }) else { return }
            storage = .few([])
            row.remove(at: index)
            storage = .few(row)
        case .many(var members):
            storage = .few([])
            members[ExactName(name)] = nil
            self = JSONObject(members)
        }
    }

    // MARK: Others made of this

    /// The members that have a text, by default those that are strings.
    public func texts(_ text: (JSONValue) -> String? = \.string) -> [String: String] {
        Dictionary(compactMap { name, value in text(value).map { (name, $0) } }) { $1 }
    }

    public func mapValues(_ transform: (JSONValue) throws -> JSONValue) rethrows -> JSONObject {
        try compactMapValues { try transform($0) }
    }

    public func compactMapValues(_ transform: (JSONValue) throws -> JSONValue?) rethrows -> JSONObject {
        switch storage {
        case .few(let row):
            var others = JSONObject()
            others.storage = .few(
                try row.compactMap { member in try transform(member.value).map { (member.key, $0) } })
            return others
        case .many(let members): return JSONObject(try members.compactMapValues(transform))
        }
    }

    public func filter(_ isKept: (Element) throws -> Bool) rethrows -> JSONObject {
        JSONObject(try map { ($0, $1) }.filter { try isKept((key: $0, value: $1)) })
    }

    /// `choose` is given the value that is here and the other one.
    public func merging(
        _ others: JSONObject, uniquingKeysWith choose: (JSONValue, JSONValue) -> JSONValue
    ) -> JSONObject {
        var merged = self
        merged.merge(others, uniquingKeysWith: choose)
        return merged
    }

    public mutating func merge(
        _ others: JSONObject, uniquingKeysWith choose: (JSONValue, JSONValue) -> JSONValue
    ) {
        for (name, value) in others { self[name] = self[name].map { choose($0, value) } ?? value }
    }
}

extension JSONObject: Sequence {
    public enum Iterator: IteratorProtocol {
        case few(IndexingIterator<[JSONObject.Element]>)
        case many(Dictionary<ExactName, JSONValue>.Iterator)

        public mutating func next() -> JSONObject.Element? {
            switch self {
            case .few(var row):
                defer { self = .few(row) }
                return row.next()
            case .many(var members):
                defer { self = .many(members) }
                return members.next().map { ($0.key.text, $0.value) }
            }
        }
    }

    /// A few come in the order of their names, many in any.
    public func makeIterator() -> Iterator {
        switch storage {
        case .few(let row): .few(row.makeIterator())
        case .many(let members): .many(members.makeIterator())
        }
    }

    public var underestimatedCount: Int { count }

    /// In the order of the names.
    public var inOrder: [Element] {
        switch storage {
        case .few(let row): row
        case .many(let members): Self.row(members)
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self.init(members)
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        switch (left.storage, right.storage) {
        case (.few(let left), .few(let right)):
            left.elementsEqual(right) { $0.key.isSame(as: $1.key) && $0.value == $1.value }
        case (.many(let left), .many(let right)): left == right
        case (.few, .many), (.many, .few): false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch storage {
        case .few(let row):
            hasher.combine(row.count)
            for (name, value) in row {
                hasher.combine(ExactName(name))
                hasher.combine(value)
            }
        case .many(let members): hasher.combine(members)
        }
    }
}

extension JSONObject: Codable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONNodeDecoder {
            self = try decoder.walkMembers { count, walker in try JSONObject(count, &walker, depth: 0) }
        } else {
            self.init(try decoder.singleValueContainer().decode([String: JSONValue].self).lazy.map { ($0, $1) })
        }
    }

    /// `count` members, which the walker comes to next and each of which begins at that depth; of those with one name
    /// the last counts, as servers read it.
    init(_ count: Int, _ walker: inout JSONWalker, depth: Int) throws {
        guard count <= Self.few else {
            var members = [ExactName: JSONValue](minimumCapacity: count)
            for _ in 0..<count {
                let name = ExactName(try walker.key())
                members[name] = try JSONValue(&walker, depth: depth)
            }
            self = JSONObject(members)
            return
        }
        var row: [Element] = []
        row.reserveCapacity(count)
        for _ in 0..<count {
            let name = try walker.key()
            Self.set(name, try JSONValue(&walker, depth: depth), in: &row)
        }
        storage = .few(row)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, value) in self { try container.encode(value, forKey: Name(stringValue: name)) }
    }
}
