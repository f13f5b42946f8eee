/// Header fields in the order in which they came; names are compared without regard to case.
public struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
    /// Every field, in order, as it was written.
    public private(set) var pairs: [(name: String, value: String)]

    public init(_ pairs: [(String, String)] = []) {
        self.pairs = pairs.map { (name: $0.0, value: $0.1) }
    }

    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    /// The first value of that name. Setting replaces every field of that name; `nil` removes them.
    public subscript(name: String) -> String? {
        get {
            pairs.first { Self.isSame($0.name, name) }?.value
        }
        set {
            pairs.removeAll { Self.isSame($0.name, name) }
            if let newValue { add(name: name, value: newValue) }
        }
    }

    /// All values of that name, in order.
    public func values(_ name: String) -> [String] {
        pairs.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// Appends one field and leaves others of that name alone.
    public mutating func add(name: String, value: String) {
        pairs.append((name: name, value: value))
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.utf8, right.utf8)
        return left.count == right.count && zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders: Equatable {
    public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
        left.pairs.elementsEqual(right.pairs) { isSame($0.name, $1.name) && $0.value == $1.value }
    }
}
