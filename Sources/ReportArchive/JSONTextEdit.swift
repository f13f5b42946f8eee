/// Replaces texts in a JSON text that we have written ourselves; all else stays, byte for byte.
struct JSONTextEdit {
    private let bytes: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    private var isChanged = false
    private let edit: (_ path: [String], _ text: String) -> String?

    /// Nil where nothing changes. `edit`: is asked about each text without escapes, by the names of the members on the way to
    /// it; elements of lists have their list's.
    static func edited(_ json: String, _ edit: (_ path: [String], _ text: String) -> String?) -> String? {
        withoutActuallyEscaping(edit) { edit in
            var walker = JSONTextEdit(bytes: Array(json.utf8), edit: edit)
            walker.value([])
            guard walker.isChanged, walker.position == walker.bytes.count else { return nil }
            return String(decoding: walker.output, as: UTF8.self)
        }
    }

    private init(bytes: [UInt8], edit: @escaping (_ path: [String], _ text: String) -> String?) {
        self.bytes = bytes
        self.edit = edit
    }

    private mutating func value(_ path: [String]) {
        guard position < bytes.count else { return }
        switch bytes[position] {
        case UInt8(ascii: "{"):
            copy()
            while position < bytes.count, bytes[position] != UInt8(ascii: "}") {
                if bytes[position] == UInt8(ascii: "\"") {
                    let name = token()
                    output += name
                    while position < bytes.count, bytes[position] != UInt8(ascii: ":") { copy() }
                    copy()
                    value(path + [String(decoding: name.dropFirst().dropLast(), as: UTF8.self)])
                } else {
                    copy()
                }
            }
            copy()
        case UInt8(ascii: "["):
            copy()
            while position < bytes.count, bytes[position] != UInt8(ascii: "]") {
                if bytes[position] == UInt8(ascii: ",") { copy() } else { value(path) }
            }
            copy()
        case UInt8(ascii: "\""):
            let text = token()
            let plain = text.dropFirst().dropLast()
            let isPlain = !plain.contains(UInt8(ascii: "\\"))
            guard isPlain, let other = edit(path, String(decoding: plain, as: UTF8.self)) else {
                return output += text
            }
            isChanged = true
            QuotedText.append(other, to: &output)
        default:
            // A number, true, false, null.
            repeat { copy() } while position < bytes.count && !Array(",]}".utf8).contains(bytes[position])
        }
    }

    private mutating func copy() {
        guard position < bytes.count else { return }
        output.append(bytes[position])
        position += 1
    }

    /// A text with its quotes.
    private mutating func token() -> ArraySlice<UInt8> {
        let start = position
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position = min(position + 1, bytes.count)
        return bytes[start..<position]
    }
}
