package import ReportAPI
package import ReportLayout

/// The folder that a channel's `path` means for a report: `{report}`, `{namespace}`, `{pipeline}` and `{parameter}` stand
/// for one segment or a part of one, whatever their values hold.
///
/// In a value `/ \ .. : * ? " < > |`, control characters and leading dots become `_`, and it is cut after 100 bytes.
///
/// For example:
///
///     try ChannelPath("finance/{namespace}/{report}").segments(of: identity)   // ["finance", "reports", "0b8f…"]
package struct ChannelPath: Hashable, Sendable {
    private let segments: [PlaceholderText]

    package init(_ template: String) throws(PlaceholderText.Fault) {
        var segments: [PlaceholderText] = []
        for segment in template.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            segments.append(try PlaceholderText(String(Substring(segment))))
        }
        self.segments = segments
    }

    /// From the outermost to the innermost: none is empty, hidden, or leads elsewhere, and each has 200 bytes at most.
    package func segments(of report: ReportIdentity) -> [String] {
        segments.map { PathSegment.whole($0.text(of: report, escaping: PathSegment.value)) }
    }
}

extension ChannelPath {
    /// What a delivery's file is called, with the format's ending: the same for each try and each resend.
    ///
    /// `template` is the delivery's `fileName`; when absent, or unreadable, it is the pipeline's name (the request's where
    /// it has none) and the beginning of the report's id, such as `trial-balance-0b8f12aa.pdf`. The values of `only` follow
    /// where the name doesn't hold them already: the parts of one report would take each other's place.
    package static func fileName(
        _ template: String? = nil, of report: ReportIdentity, only: [String: String] = [:], format: OutputFormat
    ) -> String {
        let ending = ".\(format.rawValue)"
        var stem = template.flatMap { try? PlaceholderText($0) }?.text(of: report, escaping: PathSegment.value) ?? ""
        if stem.utf8.allSatisfy({ $0 == UInt8(ascii: " ") }) { stem = plainName(of: report) }
        if stem.lowercased().hasSuffix(ending) { stem = String(stem.unicodeScalars.dropLast(ending.utf8.count)) }
        for (_, value) in only.sorted(by: { $0.key < $1.key }) {
            let value = PathSegment.value(value)
            if !stem.contains(value) { stem += "-" + value }
        }
        return PathSegment.whole(stem) + ending
    }
}

extension ChannelPath {
    /// What the text is called that stands for files where there are none, such as `trial-balance-0b8f12aa-failed.txt`:
    /// the same for each try and each attempt. `ending`: how the run ended.
    package static func noticeName(of report: ReportIdentity, ending: String) -> String {
        PathSegment.whole("\(plainName(of: report))-\(ending)") + ".txt"
    }

    /// The names of the template's placeholders.
    package var names: [String] { segments.flatMap(\.names) }

    private static func plainName(of report: ReportIdentity) -> String {
        let id = report.reportID.utf8.prefix { $0 != UInt8(ascii: "-") }.prefix(8)
        return PathSegment.value(report.pipeline ?? report.name) + "-" + String(Substring(id))
    }
}
