import FoundationEssentials
package import MailMessages
import ReportAPI
import ReportLayout
import ReportRecords

/// What a mail says of a report: the words that were asked for or our own, the first rows, and where the report is from.
package struct MailComposer: Sendable {
    package let from: Mailbox

    package init(from: Mailbox) { self.from = from }

    package func message(_ dispatch: Dispatch, to recipient: MailAddress) -> MailMessage {
        var message = MailMessage(
            id: MessageID(delivery: dispatch.id, recipient: recipient, domain: from.address.domain),
            secondsSince1970: Int(dispatch.createdAt.timeIntervalSince1970),
            from: from, recipient: Mailbox(address: recipient), subject: subject(dispatch),
            text: text(dispatch, recipient))
        // Each of those gets a mail of their own, which names the others.
        message.cc = dispatch.cc.filter { $0.key != recipient.key }.map { Mailbox(address: $0) }
        message.replyTo = dispatch.replyTo.map { Mailbox(address: $0) }
        message.html = html(dispatch, recipient)
        message.attachments = dispatch.files.map {
            MailAttachment(
                name: $0.name, mediaType: $0.format.mediaType, content: .file(path: $0.path, size: $0.size))
        }
        return message
    }

    private func subject(_ dispatch: Dispatch) -> String {
        if let subject = dispatch.subject, !subject.isEmpty { return subject }
        switch dispatch.run.phase {
        case .succeeded: return dispatch.title
        case .failed: return "Failed: \(dispatch.title)"
        case .cancelled: return "Cancelled: \(dispatch.title)"
        case .queued, .running, .cancelling: return dispatch.title
        }
    }

    /// In paragraphs.
    private func opening(_ dispatch: Dispatch, _ recipient: MailAddress) -> [String] {
        var paragraphs = [dispatch.text.flatMap { $0.isEmpty ? nil : $0 } ?? greeting(dispatch)]
        if dispatch.run.phase != .succeeded {
            // What a stage printed last may hold anything: it goes to who asked for the report alone.
            let requester = dispatch.run.requester?.email.flatMap { try? MailAddress($0) }
            let isRequester = requester?.key == recipient.key
            let why = isRequester ? dispatch.run.message : dispatch.run.reason
            if let why, !why.isEmpty { paragraphs.append(isRequester ? why : "Reason: \(why)") }
        }
        if let line = dispatch.asOfLine { paragraphs.append(line) }
        return paragraphs
    }

    private func greeting(_ dispatch: Dispatch) -> String {
        switch dispatch.run.phase {
        case .succeeded where dispatch.files.isEmpty: return "The report \(dispatch.title) is done."
        case .succeeded:
            return "Attached is the report \(dispatch.title)."
        case .failed: return "The report \(dispatch.title) has failed."
        case .cancelled: return "The report \(dispatch.title) was cancelled."
        case .queued, .running, .cancelling: return dispatch.title
        }
    }

    private func source(_ dispatch: Dispatch) -> String {
        "Report \(dispatch.report.reportID) (\(dispatch.report.namespace)/\(dispatch.report.name), "
            + "attempt \(dispatch.run.attempt)"
            + (dispatch.origin.clusterName.map { ", cluster \($0)" } ?? "") + ")"
    }

    private func text(_ dispatch: Dispatch, _ recipient: MailAddress) -> String {
        var parts = opening(dispatch, recipient)
        if let preview = dispatch.preview, !preview.isEmpty { parts.append(preview.trimmingLineEnds) }
        parts.append("-- \n" + source(dispatch))
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func html(_ dispatch: Dispatch, _ recipient: MailAddress) -> String {
        // Of all that has no style of its own: many mail programs heed none but those of elements.
        let font = "font-family:Helvetica,Arial,sans-serif;font-size:14px"
        var html = "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"></head>\n<body>\n<div style=\"\(font)\">\n"
        for paragraph in opening(dispatch, recipient) {
            let lines = HTMLEscape.text(paragraph).split(separator: "\n", omittingEmptySubsequences: false)
            html += "<p dir=\"auto\" style=\"margin:0 0 12px\">\(lines.joined(separator: "<br>\n"))</p>\n"
        }
        if let preview = dispatch.previewHTML { html += preview + "\n" }
        html +=
            "<p dir=\"auto\" style=\"margin:16px 0 0;color:#666;font-size:12px\">\(HTMLEscape.text(source(dispatch)))</p>\n"
            + "</div>\n</body>\n</html>\n"
        return html
    }
}

/// Text within HTML.
enum HTMLEscape {
    static func text(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            // HTML has none of the others, and some mail programs stop there.
            case _ where scalar.properties.generalCategory == .control: break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension String {
    fileprivate var trimmingLineEnds: String {
        var text = self
        while text.utf8.last == 0x0A { text.unicodeScalars.removeLast() }
        return text
    }
}
