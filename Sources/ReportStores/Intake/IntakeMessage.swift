/// One entry of the stream of requests.
package struct IntakeMessage: Sendable, Hashable {
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

    /// The stream's id, such as `1700000000000-0`.
    package let entry: String
    package let fields: [Field]

    package init(entry: String, fields: [Field]) {
        self.entry = entry
        self.fields = fields
    }
}
