/// Something that happened to a request, for everybody outside.
package struct OutboundEvent: Sendable, Hashable {
    /// The request's uid.
    package let uid: String
    /// Rising for each request; at least 1.
    package let sequence: Int64
    /// A JSON text.
    package let payload: [UInt8]

    package init(uid: String, sequence: Int64, payload: [UInt8]) {
        self.uid = uid
        self.sequence = sequence
        self.payload = payload
    }

    package init(uid: String, sequence: Int64, payload: String) {
        self.init(uid: uid, sequence: sequence, payload: Array(payload.utf8))
    }
}
