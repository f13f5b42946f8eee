/// The byte that precedes each value; source: the BSON specification, version 1.1.
package enum BSONType: UInt8 {
    case double = 0x01
    case string = 0x02
    case document = 0x03
    case array = 0x04
    case binary = 0x05
    case undefined = 0x06
    case objectID = 0x07
    case bool = 0x08
    case date = 0x09
    case null = 0x0A
    case regularExpression = 0x0B
    case databasePointer = 0x0C
    case javaScript = 0x0D
    case symbol = 0x0E
    case javaScriptWithScope = 0x0F
    case int32 = 0x10
    case timestamp = 0x11
    case int64 = 0x12
    case decimal128 = 0x13
    case maxKey = 0x7F
    case minKey = 0xFF

    /// For people.
    var name: String {
        switch self {
        case .double: "a number"
        case .string: "text"
        case .document: "a document"
        case .array: "a list"
        case .binary: "binary data"
        case .undefined, .null: "null"
        case .objectID: "an object id"
        case .bool: "a truth value"
        case .date: "a date"
        case .regularExpression: "a regular expression"
        case .databasePointer: "a database pointer"
        case .javaScript, .javaScriptWithScope: "JavaScript"
        case .symbol: "a symbol"
        case .int32, .int64: "a whole number"
        case .timestamp: "a timestamp"
        case .decimal128: "a decimal number"
        case .maxKey, .minKey: "a bound of all keys"
        }
    }
}
