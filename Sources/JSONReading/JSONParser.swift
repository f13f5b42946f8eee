/// Reads values out of bytes, strictly as RFC 8259 has them, in one pass and without recursion: time is linear in the
/// bytes and memory is bounded by them, whatever their shape.
struct JSONParser: ~Copyable {
    /// Which kind of container is open where its members aren't kept.
    private enum Buried {
        static let array = UInt32.max
        static let object = UInt32.max - 1
    }

    let bytes: UnsafePointer<UInt8>
    let end: Int
    var position = 0

    /// How many levels are kept; what is deeper is read, and one node records that it was there.
    private let keptDepth: Int
    private var tape = JSONTape()
    /// The containers that are open, by their nodes.
    private var open: [UInt32] = []
    /// Whether the innermost of them is an object.
    private var isInObject = false
    /// How many were open where keeping stopped; nil while nodes are kept.
    private var buriedAt: Int?
    private var deepest = 0

    /// The bytes must stay where they are for as long as this and its documents are in use.
    init(_ bytes: UnsafePointer<UInt8>, count: Int, keptDepth: Int) {
        self.bytes = bytes
        end = count
        self.keptDepth = keptDepth
    }

    /// The value that begins here, after white space; the position is behind it then.
    mutating func document() throws(JSONError) -> JSONDocument {
        tape = JSONTape()
        open.removeAll(keepingCapacity: true)
        buriedAt = nil
        try value()
        var whole = JSONTape()
        swap(&whole, &tape)
        return JSONDocument(bytes: bytes, tape: whole)
    }

    // MARK: Values

    private mutating func value() throws(JSONError) {
        while true {
            skipSpace()
            let start = position
            switch try peek() {
            case UInt8(ascii: "{"):
                position += 1
                skipSpace()
                if try peek() == UInt8(ascii: "}") {
                    position += 1
                    keepEmpty(.object, from: start)
                } else {
                    begin(.object, at: start)
                    try key()
                    continue
                }
            case UInt8(ascii: "["):
                position += 1
                skipSpace()
                if try peek() == UInt8(ascii: "]") {
                    position += 1
                    keepEmpty(.array, from: start)
                } else {
                    begin(.array, at: start)
                    continue
                }
            case UInt8(ascii: "\""):
                try keepString()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                try number()
                keep(.number, start, position - start)
            case UInt8(ascii: "t"): try word("true", .true)
            case UInt8(ascii: "f"): try word("false", .false)
            case UInt8(ascii: "n"): try word("null", .null)
            default:
                throw JSONError(.syntax(expected: "a value"), at: position)
            }
            guard try goesOn() else { return }
        }
    }

    /// What comes after a value: closes what ends here. False when the outermost value is whole.
    private mutating func goesOn() throws(JSONError) -> Bool {
        while !open.isEmpty {
            skipSpace()
            let byte = try peek()
            let isObject = isInObject
            if byte == UInt8(ascii: ",") {
                position += 1
                if isObject {
                    skipSpace()
                    try key()
                }
                return true
            }
            guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw JSONError(.syntax(expected: isObject ? "a comma or }" : "a comma or ]"), at: position)
            }
            position += 1
            finish()
        }
        return false
    }

    private mutating func key() throws(JSONError) {
        guard try peek() == UInt8(ascii: "\"") else {
            throw JSONError(.syntax(expected: "a key in quotes"), at: position)
        }
        try keepString()
        skipSpace()
        guard try peek() == UInt8(ascii: ":") else { throw JSONError(.syntax(expected: "a colon"), at: position) }
        position += 1
    }

    private mutating func word(_ word: StaticString, _ kind: JSONNode.Kind) throws(JSONError) {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard try peek() == word.utf8Start[index] else {
                throw JSONError(.syntax(expected: "\(word)"), at: start)
            }
            position += 1
        }
        keep(kind, start, position - start)
    }

    private mutating func keepString() throws(JSONError) {
        let start = position + 1
        let isEscaped = try string()
        keep(isEscaped ? .escaped : .string, start, position - 1 - start)
    }

    // MARK: Nodes

    private mutating func keep(_ kind: JSONNode.Kind, _ start: Int, _ length: Int) {
        guard buriedAt == nil else { return }
        tape.append(
            JSONNode(
                kind: kind, height: 0, start: UInt32(truncatingIfNeeded: start),
                length: UInt32(truncatingIfNeeded: length), next: UInt32(truncatingIfNeeded: tape.count + 1)))
    }

    /// A container without members is closed as soon as it is opened.
    private mutating func keepEmpty(_ kind: JSONNode.Kind, from start: Int) {
        guard buriedAt == nil, open.count < keptDepth else {
            begin(kind, at: start)
            return finish()
        }
        tape.append(
            JSONNode(
                kind: kind, height: 1, start: UInt32(truncatingIfNeeded: start),
                length: UInt32(truncatingIfNeeded: position - start), next: UInt32(truncatingIfNeeded: tape.count + 1)))
        if let parent = open.last, tape.nodes[Int(parent)].height < 2 { tape.nodes[Int(parent)].height = 2 }
    }

    private mutating func begin(_ kind: JSONNode.Kind, at start: Int) {
        let level = open.count
        isInObject = kind == .object
        if buriedAt != nil {
            open.append(kind == .object ? Buried.object : Buried.array)
        } else {
            let isKept = level < keptDepth
            tape.append(
                JSONNode(
                    kind: isKept ? kind : .buried, height: 1, start: UInt32(truncatingIfNeeded: start), length: 0,
                    next: 0))
            if isKept {
                open.append(UInt32(truncatingIfNeeded: tape.count - 1))
            } else {
                buriedAt = level
                deepest = level + 1
                open.append(kind == .object ? Buried.object : Buried.array)
            }
        }
        if open.count > deepest { deepest = open.count }
    }

    private mutating func finish() {
        let container = open.removeLast()
        isInObject =
            switch open.last {
            case nil, Buried.array?: false
            case Buried.object?: true
            case let outer?: tape.nodes[Int(outer)].kind == .object
            }
        let node: Int
        if let level = buriedAt {
            guard open.count == level else { return }
            buriedAt = nil
            node = tape.count - 1
            tape.nodes[node].height = UInt16(clamping: deepest - level)
        } else {
            node = Int(container)
        }
        tape.nodes[node].length = UInt32(truncatingIfNeeded: position) - tape.nodes[node].start
        tape.nodes[node].next = UInt32(truncatingIfNeeded: tape.count)
        guard let parent = open.last else { return }
        let height = tape.nodes[node].height
        let above = height == .max ? height : height + 1
        if tape.nodes[Int(parent)].height < above { tape.nodes[Int(parent)].height = above }
    }
}
