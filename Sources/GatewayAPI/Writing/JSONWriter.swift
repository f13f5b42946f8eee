package import FoundationEssentials
package import KubernetesModel

/// Writes JSON, byte by byte behind what is there: a list of thousands of objects costs no more than its bytes.
///
/// Commas come by themselves. For example:
///
///     var writer = JSONWriter()
///     writer.object { $0.member("name", "tb-2026-10") }
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    /// Whether a comma precedes the next value or key.
    private var needsComma = false

    package init(reserving capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    /// What was written since the last call, for an answer that goes out in pieces.
    package mutating func takeBytes() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    // MARK: Structure

    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        beginObject()
        body(&self)
        endObject()
    }

    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        beginArray()
        body(&self)
        endArray()
    }

    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    private mutating func begin(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func end(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// A member's name, which needs no escaping.
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A member's name that others have given.
    package mutating func key(text: String) {
        separate()
        quote(text)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    package mutating func null() { literal("null") }

    package mutating func value(_ value: Bool) { literal(value ? "true" : "false") }

    package mutating func value(_ value: some FixedWidthInteger) {
        separate()
        if value >= 0, value < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value))
        } else {
            bytes += String(value).utf8
        }
    }

    package mutating func value(_ value: String) {
        separate()
        quote(value)
    }

    /// RFC 3339, in UTC.
    package mutating func value(_ time: Timestamp) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(time: time)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func value(_ value: JSONValue) {
        separate()
        value.appendJSON(to: &bytes)
    }

    package mutating func value(_ value: some JSONWritable) { value.write(to: &self) }

    /// A whole value that is JSON already.
    package mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes += json
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var plain = utf8.startIndex
            for index in utf8.indices {
                let byte = utf8[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                bytes.append(contentsOf: utf8[plain..<index])
                escape(byte)
                plain = index + 1
            }
            bytes.append(contentsOf: utf8[plain...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes += [
                UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), digits[Int(byte >> 4)],
                digits[Int(byte & 15)],
            ]
        default: bytes.append(byte)
        }
    }
}

/// Members. One without a value is left out.
extension JSONWriter {
    package mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        value(text)
    }

    package mutating func member(_ name: StaticString, _ number: (some FixedWidthInteger)?) {
        guard let number else { return }
        key(name)
        value(number)
    }

    package mutating func member(_ name: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        key(name)
        value(flag)
    }

    package mutating func member(_ name: StaticString, _ time: Timestamp?) {
        guard let time else { return }
        key(name)
        value(time)
    }

    package mutating func member(_ name: StaticString, _ time: Date?) { member(name, time.map(Timestamp.init)) }

    package mutating func member(_ name: StaticString, _ json: JSONValue?) {
        guard let json else { return }
        key(name)
        value(json)
    }

    package mutating func member(_ name: StaticString, _ writable: (some JSONWritable)?) {
        guard let writable else { return }
        key(name)
        writable.write(to: &self)
    }

    package mutating func member(_ name: StaticString, _ list: [some JSONWritable]?) {
        guard let list else { return }
        key(name)
        array { writer in
            for item in list { item.write(to: &writer) }
        }
    }

    package mutating func member(_ name: StaticString, _ texts: [String]?) {
        guard let texts else { return }
        key(name)
        array { writer in
            for text in texts { writer.value(text) }
        }
    }

    /// In the order of the keys.
    package mutating func member(_ name: StaticString, _ texts: [String: String]?) {
        guard let texts else { return }
        key(name)
        object { writer in
            for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
                writer.key(text: key)
                writer.value(text)
            }
        }
    }
}

extension [UInt8] {
    /// `2026-10-31T06:00:00Z`, digit by digit: a list has thousands of them.
    fileprivate mutating func append(time: Timestamp) {
        let day = time.seconds.floored(by: 86400)
        let date = CalendarDate(daysSinceEpoch: day)
        // RFC 3339 has four digits for the year.
        guard 0...9999 ~= date.year else {
            self += "\(time)".utf8
            return
        }
        let clock = time.seconds - day * 86400
        append(pair: date.year / 100)
        append(pair: date.year % 100)
        append(UInt8(ascii: "-"))
        append(pair: date.month)
        append(UInt8(ascii: "-"))
        append(pair: date.day)
        append(UInt8(ascii: "T"))
        append(pair: clock / 3600)
        append(UInt8(ascii: ":"))
        append(pair: clock / 60 % 60)
        append(UInt8(ascii: ":"))
        append(pair: clock % 60)
        append(UInt8(ascii: "Z"))
    }

    private mutating func append(pair: Int64) {
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair / 10))
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair % 10))
    }
}

/// What can be an answer.
package protocol JSONWritable {
    /// Writes one whole value.
    func write(to writer: inout JSONWriter)
}

extension JSONWritable {
    /// It alone, as UTF-8.
    package var jsonBytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}
