import FoundationEssentials

/// What S3 answers, in its XML.
enum S3Answer {
    /// What is between the first of these tags.
    static func text(_ tag: String, in xml: some StringProtocol) -> String? {
        guard let start = xml.firstRange(of: "<\(tag)>"),
            let end = xml[start.upperBound...].firstRange(of: "</\(tag)>")
        else { return nil }
        var text = String(xml[start.upperBound..<end.lowerBound])
        for (name, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&amp;", "&")] {
            text = text.replacing(name, with: sign)
        }
        return text
    }

    /// A text as it is written in XML.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    static func all(_ tag: String, in xml: String) -> [Substring] {
        var rest = xml[...]
        var all: [Substring] = []
        while let start = rest.firstRange(of: "<\(tag)>"),
            let end = rest[start.upperBound...].firstRange(of: "</\(tag)>")
        {
            all.append(rest[start.upperBound..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
        return all
    }

    /// Of `2026-11-29T18:30:00.000Z`.
    static func seconds(_ text: String) -> Int64? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        return (try? style.parse(text)).map { Int64($0.timeIntervalSince1970) }
    }
}
