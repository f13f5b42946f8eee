import DeliveryChannels
import Foundation
import KubernetesModel
import ReportAPI
import Testing

struct AdaptiveCardTests {
    private func card(_ dispatch: Dispatch, links: [TeamsNotice.Link] = []) throws -> JSONValue {
        let data = AdaptiveCard.message(TeamsNotice(dispatch, links: links))
        #expect(data.count <= 28_000)
        let message = try JSONDecoder().decode(JSONValue.self, from: data)
        #expect(message["type"] == .string("message"))
        let attachment = try #require(message["attachments"]?.array?.first)
        #expect(attachment["contentType"] == .string("application/vnd.microsoft.card.adaptive"))
        return try #require(attachment["content"])
    }

    private func facts(_ card: JSONValue) -> [String] {
        let set = card["body"]?.array?.first { $0["type"] == .string("FactSet") }
        return (set?["facts"]?.array ?? []).map { "\($0["title"]?.string ?? "")=\($0["value"]?.string ?? "")" }
    }

    private func texts(_ card: JSONValue) -> [String] { (card["body"]?.array ?? []).compactMap { $0["text"]?.string } }

    @Test func aReportIsToldByItsParametersRowsAndTime() throws {
        var dispatch = Copies.one()
        dispatch.asOfLine = "As of 2026-11-01 07:59 CET"
        dispatch.text = "Please check.\nThanks"
        dispatch.preview = "Account  Closing\n-------  -------\n1000        1.00\n\n"
        let card = try card(dispatch, links: [.init(name: "t.pdf", url: "https://example.sharepoint.com/t.pdf")])
        #expect(card["version"] == .string("1.5") && card["type"] == .string("AdaptiveCard"))
        #expect(texts(card) == ["Trial balance 2026-10", "Please check.\n\nThanks"])
        #expect(
            facts(card) == [
                "limit=0.10", "period=2026-10", "Rows=89", "Source=As of 2026-11-01 07:59 CET",
                "Report=0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d",
            ])
        let rows = (card["body"]?.array ?? []).filter { $0["type"] == .string("RichTextBlock") }
        let texts = rows.compactMap { $0["inlines"]?.array?.first?["text"]?.string }
        #expect(
            texts == ["Account\u{A0}\u{A0}Closing", "-------\u{A0}\u{A0}-------", texts[2]]
                && texts[2].hasSuffix("1.00"))
        let action = try #require(card["actions"]?.array?.first)
        #expect(action["type"] == .string("Action.OpenUrl") && action["title"] == .string("Open t.pdf"))
        #expect(action["url"] == .string("https://example.sharepoint.com/t.pdf"))
    }

    @Test func aFailureSaysItsReasonAndReportAlone() throws {
        let card = try card(Copies.one(phase: .failed))
        #expect(texts(card) == ["Failed: Trial balance 2026-10"])
        #expect(card["body"]?.array?.first?["color"] == .string("Attention"))
        #expect(
            facts(card) == [
                "limit=0.10", "period=2026-10", "Status=Failed", "Reason=StageFailed",
                "Report=0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d",
            ])
        #expect(!"\(card)".contains("no route to the ERP"), "what a stage printed goes to the requester alone")
        #expect(card["actions"] == nil)
    }

    @Test func valuesAreNoMarkup() throws {
        var dispatch = Copies.one(parameters: ["plant": .string("[north](https://evil.test)\n# x"), "_n_": .integer(7)])
        dispatch.title = "*Daily* {{DATE(2026-01-01,SHORT)}}"
        dispatch.preview = "**x**"
        let card = try card(dispatch)
        #expect(texts(card) == ["\\*Daily\\* {\\{DATE(2026-01-01,SHORT)}}"])
        #expect(facts(card).prefix(2) == ["\\_n\\_=7", "plant=\\[north\\](https://evil.test) # x"])
    }

    @Test func aCardNeverGrowsTooLarge() throws {
        var parameters: JSONObject = [:]
        for index in 0..<200 {
            parameters["parameter \(index) " + String(repeating: "*", count: 100)] = .string(
                String(repeating: "*", count: 9000))
        }
        var dispatch = Copies.one(parameters: parameters)
        dispatch.title = String(repeating: "\\", count: 90_000)
        dispatch.text = String(repeating: "_\n", count: 90_000)
        dispatch.preview = String(repeating: String(repeating: "x ", count: 900) + "\n", count: 400)
        let links = (0..<5).map {
            TeamsNotice.Link(name: "f\($0)", url: "https://example.test/" + String(repeating: "a", count: 2000))
        }
        let card = try card(dispatch, links: links)
        #expect(facts(card).last == "Report=0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d")
        #expect(card["actions"]?.array?.count == 5)
    }
}
