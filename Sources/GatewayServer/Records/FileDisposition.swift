internal import NetworkAddresses

/// How a browser is told to keep an answer as a file (RFC 6266, RFC 8187).
enum FileDisposition {
    /// No name of anybody's leads out of a folder, ends the header or begins another.
    static func header(name: String) -> String {
        let safe = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    switch scalar {
                    case "/", "\\", ":", "*", "?", "\"", "<", ">", "|": "-"
                    case _ where scalar.value < 0x20 || scalar.value == 0x7F: "-"
                    case _ where scalar.properties.isBidiControl: "-"
                    default: scalar
                    }
                }))
        let trimmed = String(safe.drop { $0 == "." || $0 == " " })
        let whole = trimmed.isEmpty ? "report" : trimmed
        let ascii = String(
            String.UnicodeScalarView(whole.unicodeScalars.map { $0.isASCII ? $0 : "_" }))
        return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(PercentEncoding.component(whole))"
    }
}
