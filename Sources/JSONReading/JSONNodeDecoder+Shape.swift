/// What a value is, for those who take whatever comes.
extension JSONNodeDecoder {
    package enum Shape {
        case null
        case bool(Bool)
        case integer(Int64)
        /// A number whose digits a `Double` keeps.
        case number(Double)
        /// A number of more digits than any of our types keeps, as it was written.
        case decimal(String)
        case string(String)
        case array
        case object
        /// An array or object with more levels than are allowed, and how it is to be shown to people instead.
        case replaced(String)
    }

    /// Throws for what is too deep or too much; it says how deep or much it is and what is allowed. `depth` is how many arrays and objects
    /// stand around it, in the value that it is a part of.
    package func shape(depth: Int) throws -> Shape {
        switch node.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .string, .escaped: return .string(document.string(index))
        case .number: return JSONNumber.shape(document.text(index))
        case .array, .object, .buried: break
        }
        let allowed = document.maximumDepth
        if depth + Int(node.height) > allowed {
            let levels = node.height == .max ? "\(node.height) or more" : "\(node.height)"
            // What people look at is cut where it gets too deep, not as a whole.
            if document.replacesDeepValues, depth >= allowed || node.kind == .buried {
                return .replaced("(left out: nested \(levels) levels deeper)")
            }
            if !document.replacesDeepValues {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: codingPath,
                        debugDescription: "is nested \(levels) levels deep; at most \(allowed) are allowed"))
            }
        }
        if depth == 0 { try take() }
        return node.kind == .array ? .array : .object
    }

    /// Begins to count anew what is taken into such values: for a part that has bounds of its own.
    package func countAnew() {
        if !document.replacesDeepValues { document.valueNodes = JSONReader.valueNodes }
    }

    /// Counts what is in it.
    private func take() throws {
        let count = Int(node.next) - index
        guard count <= document.valueNodes else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: codingPath,
                    debugDescription:
                        "has \(count) values and keys; at most \(JSONReader.valueNodes) are allowed in all that "
                        + "one object passes on"))
        }
        document.valueNodes -= count
    }

    /// Whether it has no elements or members.
    @inline(__always)
    package var isEmpty: Bool { node.next == index + 1 }

    /// How many elements or members it has.
    package var count: Int {
        var (count, next) = (0, index + 1)
        while next < node.next {
            next = Int(document.nodes[node.kind == .object ? next + 1 : next].next)
            count += 1
        }
        return count
    }

    /// The elements of an array.
    package func forEachElement(_ body: (JSONNodeDecoder) throws -> Void) rethrows {
        var element = index + 1
        while element < node.next {
            try body(JSONNodeDecoder(document, element))
            element = Int(document.nodes[element].next)
        }
    }

    /// The members of an object, in the order of the text.
    package func forEachMember(_ body: (String, JSONNodeDecoder) throws -> Void) throws {
        var key = index + 1
        while key < node.next {
            guard let name = document.dictionaryKey(key) else { throw document.keyFault(key, of: index) }
            try body(name, JSONNodeDecoder(document, key + 1))
            key = Int(document.nodes[key + 1].next)
        }
    }
}

/// Numbers by their text.
enum JSONNumber {
    /// nil where it isn't written as an integer of at most 18 digits.
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = text.count - (isNegative ? 1 : 0)
        guard (1...18).contains(digits) else { return nil }
        var value: Int64 = 0
        for byte in text.suffix(digits) {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return isNegative ? -value : value
    }

    static func shape(_ bytes: UnsafeBufferPointer<UInt8>) -> JSONNodeDecoder.Shape {
        if let value = integer(bytes) {
            // A zero with a sign is none among integers.
            return value == 0 && bytes.count > 1 ? .number(-0.0) : .integer(value)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if let value = Int64(text) { return .integer(value) }
        guard bytes.count <= 64, let value = Double(text), value.isFinite,
            keeps(value, bytes, text)
        else { return .decimal(text) }
        return .number(value)
    }

    private static func keeps(_ value: Double, _ bytes: UnsafeBufferPointer<UInt8>, _ text: String) -> Bool {
        // Fifteen digits come back from every ordinary double.
        if bytes.count <= 16, abs(value) > 1e-290 { return true }
        return digits(text).elementsEqual(digits("\(value)"))
    }

    /// The digits that count, without the zeros around them.
    private static func digits(_ text: String) -> ArraySlice<UInt8> {
        var digits: [UInt8] = []
        for byte in text.utf8 {
            if byte | 0x20 == UInt8(ascii: "e") { break }
            if byte &- UInt8(ascii: "0") < 10 { digits.append(byte) }
        }
        var slice = digits.drop { $0 == UInt8(ascii: "0") }
        while slice.last == UInt8(ascii: "0") { slice.removeLast() }
        return slice
    }
}
