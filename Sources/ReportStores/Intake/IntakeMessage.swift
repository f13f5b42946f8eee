/// A message that asks for a report: an entry of the stream in Redis, or what came through a broker.
package struct IntakeMessage: Sendable, Hashable {
    /// Bytes of all names and values together. Of what is larger only the beginning is ever read.
    package static let maximumBytes = 256 * 1024
    /// Far more than there are names to be known.
    package static let maximumFields = 64

    package struct Field: Sendable, Hashable {
        package let name: [UInt8]
        package let value: [UInt8]

        package init(name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }

        package init(_ name: String, _ value: String) {
            self.init(name: Array(name.utf8), value: Array(value.utf8))
        }
    }

    /// The way that it came; the label of the request says it.
    package enum Source: String, Sendable { case redis, mqtt }

    package var source = Source.redis
    /// The stream's id, such as `1700000000000-0`; empty of one that came through a broker.
    package let entry: String
    /// All of them; of a message that is too large the first bytes of the first few.
    package let fields: [Field]
    /// What Redis has of it.
    package let bytes: Int
    package let fieldCount: Int
    /// The first bytes of its field `namespace`, which say whose it is before it is read.
    let namespace: String?

    package init(entry: String, fields: [Field]) {
        self.init(
            entry: entry, fields: fields, bytes: fields.reduce(0) { $0 + $1.name.count + $1.value.count },
            fieldCount: fields.count)
    }

    init(entry: String, fields: [Field], bytes: Int, fieldCount: Int, namespace: String? = nil) {
        self.entry = entry
        self.fields = fields
        self.bytes = bytes
        self.fieldCount = fieldCount
        self.namespace = namespace
    }

    /// What a field says, where it is readable text; for those who only want to know whose message it is.
    package func value(of name: String) -> String? {
        fields.first { $0.name.elementsEqual(name.utf8) }.flatMap { String(validating: $0.value, as: UTF8.self) }
    }

    /// Why it is not even read; nil for one that is.
    package var excess: IntakeFault? {
        if bytes > Self.maximumBytes {
            return IntakeFault("the message has \(bytes) bytes; at most \(Self.maximumBytes) are allowed")
        }
        if fieldCount > Self.maximumFields {
            return IntakeFault("the message has \(fieldCount) fields; at most \(Self.maximumFields) are allowed")
        }
        return nil
    }
}
