package import FoundationEssentials
import KubernetesModel

/// A notice as an Adaptive Card, as a workflow of Teams takes it.
///
/// Source: adaptivecards.io, schema 1.5, which is what Teams shows; Microsoft, "Create incoming webhooks with Workflows
/// for Microsoft Teams".
package enum AdaptiveCard {
    /// In bytes, of the whole message. What has more than 28 KB isn't shown.
    package static let largest = 28_000

    /// The whole body of the post, which is never larger than it may be: rows go first, then the text's end.
    package static func message(_ notice: TeamsNotice) -> Data {
        var notice = notice
        var data = encoded(notice)
        while data.count > largest, shorten(&notice) { data = encoded(notice) }
        return data
    }

    /// False where nothing is left to take away.
    private static func shorten(_ notice: inout TeamsNotice) -> Bool {
        if !notice.lines.isEmpty {
            notice.lines.removeLast(min(notice.lines.count, 5))
        } else if let text = notice.text, text.utf8.count > 200 {
            notice.text = text.head(bytes: text.utf8.count / 2)
        } else if notice.facts.count > 1 {
            // The last is the report's id.
            notice.facts.removeFirst()
        } else if !notice.links.isEmpty {
            notice.links.removeLast()
        } else {
            return false
        }
        return true
    }

    private static func encoded(_ notice: TeamsNotice) -> Data {
        let attachment = JSONValue.object([
            "contentType": .string("application/vnd.microsoft.card.adaptive"), "contentUrl": .null,
            "content": card(notice),
        ])
        return Data(JSONValue.object(["type": .string("message"), "attachments": .array([attachment])]).jsonText)
    }

    private static func card(_ notice: TeamsNotice) -> JSONValue {
        var heading = text(notice.heading)
        heading["size"] = .string("Large")
        heading["weight"] = .string("Bolder")
        heading["style"] = .string("heading")
        if notice.isAlarm { heading["color"] = .string("Attention") }
        var body: [JSONValue] = [.object(heading)]
        if let text = notice.text { body.append(.object(self.text(text))) }
        let facts = notice.facts.map { fact in
            JSONValue.strings(["title": CardText.escaped(fact.title), "value": CardText.escaped(fact.value)])
        }
        if !facts.isEmpty { body.append(.object(["type": .string("FactSet"), "facts": .array(facts)])) }
        body += notice.lines.enumerated().map { row($1, isFirst: $0 == 0) }
        var card: JSONObject = [
            "$schema": .string("http://adaptivecards.io/schemas/adaptive-card.json"), "type": .string("AdaptiveCard"),
            "version": .string("1.5"), "body": .array(body), "msteams": .strings(["width": "Full"]),
        ]
        let actions = notice.links.map { link in
            JSONValue.strings(["type": "Action.OpenUrl", "title": "Open \(link.name)", "url": link.url])
        }
        if !actions.isEmpty { card["actions"] = .array(actions) }
        return .object(card)
    }

    private static func text(_ text: String) -> JSONObject {
        ["type": .string("TextBlock"), "text": .string(CardText.escaped(text)), "wrap": .bool(true)]
    }

    // Runs of text are no Markdown.
    private static func row(_ line: Substring, isFirst: Bool) -> JSONValue {
        let run = JSONValue.strings([
            "type": "TextRun", "text": line.isEmpty ? "\u{A0}" : CardText.aligned(line), "fontType": "Monospace",
            "size": "Small",
        ])
        return .object([
            "type": .string("RichTextBlock"), "inlines": .array([run]),
            "spacing": .string(isFirst ? "Medium" : "None"),
        ])
    }
}
