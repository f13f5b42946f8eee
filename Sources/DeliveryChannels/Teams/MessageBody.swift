import KubernetesModel

/// A notice as a message of Teams: HTML, in which each file has its place.
enum MessageBody {
    /// In bytes, of the text that was asked for; Teams takes about 28 KB of HTML.
    static let longestText = 4000

    static func message(_ notice: TeamsNotice, files: [SharePointSender.Stored]) -> JSONValue {
        var html = "<p><strong>\(HTMLEscape.text(notice.heading))</strong></p>"
        if let text = notice.text { html += "<p>\(lines(text.head(bytes: longestText)))</p>" }
        let facts = notice.facts.map { "\(HTMLEscape.text($0.title)): \(HTMLEscape.text($0.value))" }
        html += "<p>\(facts.joined(separator: "<br>"))</p>"
        var attachments: [JSONValue] = []
        for file in files {
            if let guid = file.item.guid, let url = file.contentURL ?? file.item.webUrl {
                html += "<attachment id=\"\(guid)\"></attachment>"
                attachments.append(
                    .strings(["id": guid, "contentType": "reference", "contentUrl": url, "name": file.name]))
            } else if let url = file.item.webUrl {
                html += "<p><a href=\"\(HTMLEscape.text(url))\">\(HTMLEscape.text(file.name))</a></p>"
            }
        }
        return .object([
            "body": .strings(["contentType": "html", "content": html]), "attachments": .array(attachments),
        ])
    }

    private static func lines(_ text: String) -> String {
        HTMLEscape.text(text).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "<br>")
    }
}
