/// A number of bytes as manifests write it: `20Mi`, `500k`.
package enum ByteSize {
    /// Nil for what isn't one, or is more than 999,999,999 of its unit.
    package static func bytes(_ text: String) -> Int64? {
        let digits = text.utf8.prefix(while: ASCII.isDigit)
        guard (1...9).contains(digits.count), let count = Int64(text[..<digits.endIndex]), count > 0 else { return nil }
        let factor: Int64? =
            switch text[digits.endIndex...] {
            case "": 1
            case "k": 1000
            case "M": 1_000_000
            case "G": 1_000_000_000
            case "Ki": 1 << 10
            case "Mi": 1 << 20
            case "Gi": 1 << 30
            default: nil
            }
        return factor.map { count * $0 }
    }
}
