/// Of `POST /auth/hand-over`: what the window where somebody has signed in gave to the frame that opened it, and the frame's
/// secret.
package struct HandOverBody: Hashable, Sendable {
    package var token: String
    package var verifier: String

    package init(_ bytes: [UInt8]) throws(Problem) {
        (token, verifier) = try BodyFields.read(bytes) { fields in
            (
                fields.text("token", TextRule(1...8192), required: true) ?? "",
                fields.text("verifier", TextRule(43...128), required: true) ?? ""
            )
        }.body
    }
}
