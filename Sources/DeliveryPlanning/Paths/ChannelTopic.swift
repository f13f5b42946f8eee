package import ReportLayout

/// The MQTT topic that a channel's `topic` means for a report: `{report}`, `{namespace}`, `{pipeline}` and `{parameter}`
/// stand for one level each or a part of one, whatever their values hold.
///
/// A value loses `+ # / $`, NUL and what no topic may hold, and is cut after 100 bytes. A level that is empty then is `_`.
///
/// For example:
///
///     try ChannelTopic("plant/{namespace}/{pipeline}").text(of: identity)   // plant/north/oee
package struct ChannelTopic: Hashable, Sendable {
    /// Of one placeholder's value, in bytes.
    package static let longestValue = 100

    private let levels: [PlaceholderText]

    package init(_ template: String) throws(PlaceholderText.Fault) {
        var levels: [PlaceholderText] = []
        for level in template.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            levels.append(try PlaceholderText(String(Substring(level))))
        }
        self.levels = levels
    }

    package func text(of report: ReportIdentity) -> String {
        levels.map { level in
            let text = level.text(of: report, escaping: Self.value)
            // One that the template leaves empty, as before a leading slash, is meant so.
            return text.isEmpty && !level.names.isEmpty ? "_" : text
        }.joined(separator: "/")
    }

    private static func value(_ text: String) -> String {
        var value = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars where !isForbidden(scalar) {
            length += UTF8.width(scalar)
            if length > longestValue { break }
            value.append(scalar)
        }
        return String(value)
    }

    /// Wildcards, the separator, what marks a broker's own topics, and what brokers break the connection for.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "+", "#", "/", "$": true
        default: scalar.properties.generalCategory == .control || scalar.properties.isNoncharacterCodePoint
        }
    }
}
