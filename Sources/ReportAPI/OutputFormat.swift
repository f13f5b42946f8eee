import KubernetesModel

/// What a report can be wanted as.
///
/// A spec holds texts, so that one that this version doesn't know is read all the same, and told as a fault.
public enum OutputFormat: String, CaseIterable, Codable, Hashable, Sendable {
    case pdf, xlsx, csv, html, json

    /// `pdf, xlsx, …`, for messages and helps.
    public static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension ReportRequestSpec.Output {
    /// Those that are known, each once, in the order in which they are wanted.
    public var knownFormats: [OutputFormat] {
        var seen: Set<OutputFormat> = []
        return (formats ?? []).compactMap(OutputFormat.init).filter { seen.insert($0).inserted }
    }

    /// What is wrong with it, each fault with its place.
    public var faults: [String] {
        (formats ?? []).enumerated().compactMap { index, format in
            guard format.utf8.count > 64 || OutputFormat(rawValue: format) == nil else { return nil }
            let shown = format.utf8.count > 64 ? format.head(bytes: 19) : format
            return "spec.output.formats[\(index)]: \"\(shown)\" is not one of \(OutputFormat.list)"
        }
    }
}

extension OutputFormat {
    /// As HTTP and mail name it.
    public var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .csv: "text/csv"
        case .html: "text/html"
        case .json: "application/json"
        }
    }
}
