/// What a status says, behind its message, of a change that nothing comes of.
extension ReportRequestStatus {
    private static let separator = "; "
    private static let mark = "ignored: spec."

    /// What is said of the run itself: that alone is its history.
    package var runMessage: String? {
        guard let message, let place = Self.place(in: message) else { return message }
        return place == message.startIndex ? nil : String(message[..<place].dropLast(Self.separator.count))
    }

    /// What is said of a change, such as `ignored: spec.attempt 2, since …`.
    package var ignoredChange: String? {
        message.flatMap { message in Self.place(in: message).map { String(message[$0...]) } }
    }

    private static func place(in message: String) -> String.Index? {
        if let place = message.ranges(of: separator + mark).last?.lowerBound {
            return message.index(place, offsetBy: separator.count)
        }
        return message.hasPrefix(mark) ? message.startIndex : nil
    }

    /// Says of the run what is said, and `change` behind it, in place of what was said of another.
    package mutating func say(ignored change: String?) {
        let base = runMessage
        let said = change.map { "ignored: \($0)" }
        message = base == nil && said == nil ? nil : [base, said].compactMap(\.self).joined(separator: Self.separator)
    }
}
