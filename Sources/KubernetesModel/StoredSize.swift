/// How many bytes a text takes in JSON of the API server's, which is what etcd's limit counts.
///
/// Go's encoder writes each of `<`, `>`, `&`, U+2028 and U+2029 in six bytes, which others don't.
/// Source: `encoding/json.HTMLEscape`.
public enum StoredSize {
    /// Of JSON that an encoder of ours wrote.
    public static func of(json: some Sequence<UInt8>) -> Int { size(json) { _ in 1 } }

    /// Of a string, without its quotes.
    public static func of(_ text: String) -> Int {
        size(text.utf8) { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "\n"): 2
            case 0..<0x20: 6
            default: 1
            }
        }
    }

    /// Of an object whose values are strings.
    public static func of(_ members: [String: String]) -> Int {
        // Four quotes, a colon, and a comma or a brace.
        members.reduce(members.isEmpty ? 2 : 1) { $0 + of($1.key) + of($1.value) + 6 }
    }

    private static func size(_ bytes: some Sequence<UInt8>, plain: (UInt8) -> Int) -> Int {
        var size = 0
        // The two bytes before, as one number.
        var before: UInt16 = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): size += 6
            // The last byte of U+2028 or U+2029: the two before it are counted already.
            case 0xA8 where before == 0xE280, 0xA9 where before == 0xE280: size += 4
            default: size += plain(byte)
            }
            before = before << 8 | UInt16(byte)
        }
        return size
    }
}
