/// What Prometheus reads: text format 0.0.4, built line by line.
struct MetricsPage {
    private(set) var text = ""
    /// The metric and the labels that the next samples have.
    private var name = ""
    private var labels = ""

    mutating func begin(name: String, help: String, type: String) {
        self.name = name
        text += "# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(type)\n"
    }

    /// - Parameter labels: rendered pairs without braces; empty for none.
    mutating func beginSeries(labels: String) {
        self.labels = labels
    }

    mutating func sample(suffix: String = "", bound: String? = nil, value: Double) {
        text += name
        text += suffix
        let all = bound.map { labels.isEmpty ? "le=\"\($0)\"" : "\(labels),le=\"\($0)\"" } ?? labels
        if !all.isEmpty { text += "{\(all)}" }
        text += " \(Self.text(of: value))\n"
    }

    static func render(_ labels: [(String, String)]) -> String {
        labels.map { "\($0.0)=\"\(escape($0.1, quotes: true))\"" }.joined(separator: ",")
    }

    static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
