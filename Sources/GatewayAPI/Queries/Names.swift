import KubernetesModel
package import ReportAPI

/// The pieces of paths that name something. What can't be a name names nothing, so it is not found.
package enum Names {
    static let nameExpectation =
        "a name: lower-case letters, digits, dashes and dots, a letter or digit at both ends of each part, at most 253"

    package static func isName(_ text: String) -> Bool { NameForm.isSubdomain(text) }

    package static func isReportID(_ text: String) -> Bool {
        isPart(text.utf8, upTo: 63) {
            isLowercase($0 | 0x20) || isDigit($0)
        } inner: {
            $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
    }

    package static func isStage(_ text: String) -> Bool {
        isPart(text.utf8, upTo: 63) {
            isLowercase($0) || isDigit($0)
        } inner: {
            $0 == UInt8(ascii: "-")
        }
    }

    /// A namespace's or an object's.
    package static func name(_ text: String) throws(Problem) -> String {
        guard isName(text) else { throw .notFound }
        return text
    }

    package static func reportID(_ text: String) throws(Problem) -> String {
        guard isReportID(text) else { throw .notFound }
        return text
    }

    package static func stage(_ text: String) throws(Problem) -> String {
        guard isStage(text) else { throw .notFound }
        return text
    }

    package static func format(_ text: String) throws(Problem) -> OutputFormat {
        guard let format = OutputFormat(rawValue: text) else { throw .notFound }
        return format
    }

    /// The header `Idempotency-Key`; nil without one.
    package static func idempotencyKey(_ text: String?) throws(Problem) -> String? {
        guard let text else { return nil }
        guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw .badRequest([
                FieldError(
                    "Idempotency-Key", value: .string(text),
                    "must have 1 to 200 visible characters of ASCII, without spaces; a UUID will do")
            ])
        }
        return text
    }

    private static func isPart(
        _ bytes: String.UTF8View, upTo limit: Int, _ outer: (UInt8) -> Bool, inner: (UInt8) -> Bool
    ) -> Bool {
        guard let first = bytes.first, let last = bytes.last, bytes.count <= limit else { return false }
        return outer(first) && outer(last) && bytes.allSatisfy { outer($0) || inner($0) }
    }

    private static func isLowercase(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }
    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
