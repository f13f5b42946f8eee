import KubernetesModel

/// What a text of a body has to be, as the schema says.
struct TextRule: Sendable {
    /// In code points, as JSON Schema counts.
    let lengths: ClosedRange<Int>
    /// What it must be like, and how that is said.
    let form: (expectation: String, holds: @Sendable (String) -> Bool)?

    init(_ lengths: ClosedRange<Int>, _ form: (expectation: String, holds: @Sendable (String) -> Bool)? = nil) {
        self.lengths = lengths
        self.form = form
    }

    func fault(of text: String) -> String? {
        let count = text.unicodeScalars.count
        guard lengths.contains(count) else {
            return "has \(count) characters; allowed are \(lengths.lowerBound) to \(lengths.upperBound)"
        }
        guard let form, !form.holds(text) else { return nil }
        return "\(JSONValue.string(text).quoted) is not \(form.expectation)"
    }

    static let name = TextRule(1...253, (Names.nameExpectation, Names.isName))
    static let reportID = TextRule(1...63, ("a report's id", Names.isReportID))
    /// A CronJob's name has eleven characters more for its Jobs.
    static let scheduleName = TextRule(1...52, (Names.nameExpectation, Names.isName))
    static let email = TextRule(
        3...254,
        (
            "an e-mail address such as dana@example.com",
            { text in
                let sides = text.split(separator: "@", omittingEmptySubsequences: false)
                return sides.count == 2 && sides.allSatisfy { !$0.isEmpty && !$0.contains(where: \.isWhitespace) }
            }
        ))
    static let zone = TextRule(
        1...64,
        (
            "an IANA name such as Europe/Berlin or UTC",
            { text in
                text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
                    !part.isEmpty
                        && part.allSatisfy { byte in
                            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "_+-".utf8.contains(byte)
                        }
                }
            }
        ))
}
