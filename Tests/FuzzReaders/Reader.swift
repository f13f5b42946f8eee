import BSON
import Calendars
import Foundation
import JSONReading
import KubernetesModel
import MailMessages
import ReportAPI
import ReportArchive
import ReportLayout
import ReportPlanning
import ReportRecords
import YAMLCoding

@testable import GatewayIdentity
@testable import KubernetesClient
@testable import RedisClient

/// One reader of what others have written, and what has to hold whatever the bytes are.
package struct Reader: Sendable {
    package enum Outcome: Sendable {
        case refused
        case taken
        /// What doesn't hold.
        case broken(String)
    }

    /// Of its file or folder in Corpus, too.
    package let name: String
    package let read: @Sendable ([UInt8]) -> Outcome

    package static let all = [json, yaml, watch, bson, redis, archive, manifest] + lines

    /// A text that is no UTF-8 never comes to these.
    private static func text(_ name: String, _ read: @escaping @Sendable (String) -> Outcome) -> Reader {
        Reader(name: name) { bytes in
            guard let text = String(validating: bytes, as: UTF8.self) else { return .refused }
            return read(text)
        }
    }

    // MARK: Structured

    private static let json = Reader(name: "json") { bytes in
        guard let value = try? JSONReader().decode(JSONValue.self, from: bytes) else { return .refused }
        let again = try? JSONReader().decode(JSONValue.self, from: Array(value.jsonText))
        return again == value ? .taken : .broken("what was written of it reads otherwise")
    }

    private static let yaml = Reader(name: "yaml") { bytes in
        guard let values = try? YAMLDecoder().decodeAll(JSONValue.self, from: Data(bytes)) else { return .refused }
        guard let written = try? YAMLEncoder().encodeAll(values) else { return .broken("it can't be written") }
        let again = try? YAMLDecoder().decodeAll(JSONValue.self, from: written)
        // An empty document isn't told of.
        return again == values.filter { $0 != .null } ? .taken : .broken("what was written of it reads otherwise")
    }

    /// The same frames, wherever the pieces of the stream end.
    private static let watch = Reader(name: "watch") { bytes in
        func frames(piece: Int) -> [FrameSplitter.Frame] {
            var splitter = FrameSplitter(limit: 4096)
            var found: [FrameSplitter.Frame] = []
            for start in stride(from: 0, to: bytes.count, by: piece) {
                splitter.append(Data(bytes[start..<min(start + piece, bytes.count)]))
                while let frame = splitter.next() { found.append(frame) }
            }
            return found
        }
        let whole = frames(piece: max(bytes.count, 1))
        guard whole == frames(piece: 7) else { return .broken("pieces make other frames") }
        let events = whole.map { WatchEvent<Pod>($0) }
        return events.contains { if case .undecodable = $0 { false } else { true } } ? .taken : .refused
    }

    private static let bson = Reader(name: "bson") { bytes in
        guard let document = BSONDocument(wellFormed: bytes) else { return .refused }
        // A text that is no UTF-8 is mended by being read.
        let mended = BSONDocument(document.map { ($0.key, $0.value) })
        guard let read = BSONDocument(wellFormed: mended.bytes) else {
            return .broken("what was written is no document")
        }
        let again = BSONDocument(read.map { ($0.key, $0.value) })
        guard read.filter(keys: { _ in true }).bytes == read.bytes else { return .broken("a copy has other bytes") }
        return again.bytes == mended.bytes ? .taken : .broken("what was written of it reads otherwise")
    }

    /// The same replies, wherever the pieces of the stream end.
    private static let redis = Reader(name: "redis") { bytes in
        func replies(piece: Int) -> [RedisReply?] {
            var reader = ReplyReader()
            var found: [RedisReply?] = []
            for start in stride(from: 0, to: bytes.count, by: piece) {
                do {
                    try bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { try reader.feed($0) }
                    while let reply = try reader.next() { found.append(reply) }
                } catch {
                    return found + [nil]
                }
            }
            return found
        }
        let whole = replies(piece: max(bytes.count, 1))
        guard whole == replies(piece: 5) else { return .broken("pieces make other replies") }
        return whole.contains(nil) ? .refused : .taken
    }

    /// What is taken is exactly what the writer makes of the same documents.
    private static let archive = Reader(name: "archive") { bytes in
        // Of a text whose last line has no end its reader sees the others alone.
        guard bytes.last == UInt8(ascii: "\n") else { return .refused }
        let id = "0b8f6a5e"
        var reader = ReportTextReader(id: id)
        var documents: [ArchivedDocument] = []
        do {
            for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
                if let document = try reader.take(line, bytes: { _, _ in [] }) { documents.append(document) }
            }
            try reader.finish()
        } catch { return .refused }
        guard let record = documents.first?.document else { return .broken("a report without a record was taken") }
        var writer = ReportTextWriter(id: id, record: record)
        for each in documents.dropFirst() { writer.append(each.document, each.kind) }
        writer.finish()
        return writer.take() == bytes ? .taken : .broken("the writer makes another text of it")
    }

    private static let manifest = Reader(name: "manifest") { bytes in
        var reader = ManifestReader()
        do {
            for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
                _ = try reader.take(line)
            }
            try reader.finish()
        } catch { return .refused }
        return .taken
    }

    // MARK: One line

    private static let lines = [
        text("cron") { text in
            guard let expression = try? CronExpression(text) else { return .refused }
            var moment = Timestamp(seconds: 1_792_540_800)
            for _ in 0..<5 {
                guard let next = expression.next(after: moment, in: .utc) else { return .taken }
                guard next > moment else { return .broken("a time comes that is over") }
                moment = next
            }
            return .taken
        },
        text("duration") { text in
            guard let duration = ReportDuration(text) else { return .refused }
            let short = ReportDuration.format(seconds: duration.seconds)
            guard let again = ReportDuration(short) else { return .broken("\(short) is none") }
            // Hours and seconds together are cut to hours.
            let isWhole = duration.seconds < 3600 || duration.seconds % 60 == 0
            return again.seconds == duration.seconds || !isWhole ? .taken : .broken("\(short) is another")
        },
        text("format") { text in
            guard let code = try? FormatCode(text), let locale = ReportLocale.all.first else { return .refused }
            let values: [ResultValue] = [
                .null, .integer(.min), .integer(0), .double(-1234.5678), .double(.infinity), .double(.nan),
                .string(text), .date(milliseconds: 1_792_540_800_123), .date(milliseconds: .min),
                .date(milliseconds: .max), .bool(true),
            ]
            for kind in TableColumn.Kind.allCases {
                let format = ValueFormat(code: code, kind: kind, locale: locale, zone: .utc)
                for value in values { _ = format.text(of: value) }
            }
            return .taken
        },
        text("placeholder") { text in
            guard let placeholders = try? PlaceholderText(text) else { return .refused }
            let identity = ReportIdentity(
                reportID: "r", namespace: "finance", name: "tb", attempt: 1, publishedAt: Timestamp(seconds: 0),
                asOf: Timestamp(seconds: 0), parameters: ["period": .string("{period}\n2026-10")])
            let result = placeholders.text(of: identity)
            return result.utf8.count <= text.utf8.count * 128 + 256
                ? .taken : .broken("it grew to \(result.utf8.count)")
        },
        text("template") { text in (try? TemplateText(text)) == nil ? .refused : .taken },
        text("pattern") { text in
            guard let pattern = try? TextPattern(text) else { return .refused }
            for hay in [String(repeating: "a", count: 500) + "!", text] { _ = pattern.matches(hay) }
            return .taken
        },
        text("selector") { text in
            guard let selector = try? LabelSelector(text) else { return .refused }
            _ = selector.matches(["team": "finance"])
            return (try? LabelSelector(selector.description)) == selector ? .taken : .broken("it reads otherwise")
        },
        text("address") { text in
            guard let address = try? MailAddress(text) else { return .refused }
            let isOneLine = address.description.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            guard isOneLine else { return .broken("it has what no header may have") }
            return (try? MailAddress(address.description)) == address ? .taken : .broken("it reads otherwise")
        },
        text("timestamp") { text in
            guard let moment = Timestamp(text) else { return .refused }
            return Timestamp(moment.description) == moment ? .taken : .broken("\(moment) is another")
        },
        text("token") { text in (try? TokenText(text)) == nil ? .refused : .taken },
    ]
}
