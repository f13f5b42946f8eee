/// One change of one object, ready to be sent to everybody who may see it.
struct GatewayEvent: Sendable {
    let kind: EventID.Kind
    let namespace: String
    /// The object's after the change.
    let version: String
    /// Up to where its receiver has heard of everything.
    let id: EventID
    /// Whether no event before it has that id.
    let isFirst: Bool
    /// As it goes out: `id:`, `event:`, `data:` and the empty line.
    let bytes: [UInt8]

    /// `data`: JSON without a line's end.
    init(
        kind: EventID.Kind, namespace: String, version: String, id: EventID, isFirst: Bool, name: String, data: [UInt8]
    ) {
        self.kind = kind
        self.namespace = namespace
        self.version = version
        self.id = id
        self.isFirst = isFirst
        bytes = Self.frame(id: id, name: name, data: data)
    }

    static func frame(id: EventID?, name: String, data: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count + 96)
        if let id { bytes += Array("id: \(id)\n".utf8) }
        bytes += Array("event: \(name)\ndata: ".utf8)
        bytes += data
        bytes += Array("\n\n".utf8)
        return bytes
    }
}
