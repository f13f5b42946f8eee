/// A parameter behind a field's value, on lines of its own: `; filename="trial-balance.pdf"`.
enum HeaderParameter {
    /// Quoted where it is short ASCII, else by RFC 2231, in pieces where it is long.
    static func text(_ name: String, _ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        // Many readers take an encoded word for one within quotes too, where it is none.
        if isPlain, !value.contains("=?"), name.utf8.count + value.utf8.count <= 70 {
            return ";\r\n \(name)=\"\(value)\""
        }
        var pieces: [String] = [""]
        // Whole characters: some readers decode each piece by itself.
        for scalar in value.unicodeScalars {
            let next =
                UTF8.encode(scalar).map { bytes in
                    bytes.map { isAttributeText($0) ? String(UnicodeScalar($0)) : "%" + hex($0) }.joined()
                } ?? ""
            if pieces[pieces.count - 1].utf8.count + next.utf8.count > 50 { pieces.append("") }
            pieces[pieces.count - 1] += next
        }
        if pieces.count == 1 { return ";\r\n \(name)*=utf-8''\(pieces[0])" }
        return pieces.enumerated().map { index, piece in
            ";\r\n \(name)*\(index)*=\(index == 0 ? "utf-8''" : "")\(piece)"
        }.joined()
    }

    static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private static func isAttributeText(_ byte: UInt8) -> Bool {
        MailAddress.isLetter(byte) || MailAddress.isDigit(byte) || "-._~!#$&+^`{|}".utf8.contains(byte)
    }
}
