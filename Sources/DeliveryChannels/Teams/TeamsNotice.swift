import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportLayout
import ReportRecords

/// What a card or a message says of a report.
///
/// What a stage printed stays out: a channel is read by others than who asked for the report.
package struct TeamsNotice: Hashable, Sendable {
    package struct Link: Hashable, Sendable {
        package var name: String
        package var url: String

        package init(name: String, url: String) {
            self.name = name
            self.url = url
        }
    }

    package struct Fact: Hashable, Sendable {
        package var title: String
        package var value: String
    }

    static let mostParameters = 12
    static let mostLines = 15

    package var heading: String
    /// Whether it tells of a failure.
    package var isAlarm: Bool
    package var text: String?
    package var facts: [Fact]
    /// The first rows, aligned.
    package var lines: [Substring]
    package var links: [Link]

    package init(_ dispatch: Dispatch, links: [Link]) {
        let title = dispatch.subject.flatMap { $0.isEmpty ? nil : $0 } ?? Self.title(dispatch)
        heading = title.onOneLine.head(bytes: 256)
        isAlarm = dispatch.run.phase == .failed
        text = dispatch.text.flatMap { $0.isEmpty ? nil : $0 }
        facts = Self.facts(dispatch).map {
            Fact(title: $0.0.onOneLine.head(bytes: 60), value: $0.1.onOneLine.head(bytes: 120))
        }
        let preview = (dispatch.preview ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        lines = Array(preview.prefix(Self.mostLines))
        while lines.last?.isEmpty == true { lines.removeLast() }
        self.links = links
    }

    private static func title(_ dispatch: Dispatch) -> String {
        switch dispatch.run.phase {
        case .failed: "Failed: \(dispatch.title)"
        case .cancelled: "Cancelled: \(dispatch.title)"
        case .succeeded, .queued, .running, .cancelling: dispatch.title
        }
    }

    private static func facts(_ dispatch: Dispatch) -> [(String, String)] {
        let (report, run) = (dispatch.report, dispatch.run)
        let parameters = report.parameters.map { ($0.key, shown($0.value)) }.filter { !$0.1.isEmpty }
            .sorted { $0.0 < $1.0 }
        var facts = Array(parameters.prefix(mostParameters))
        if parameters.count > mostParameters {
            facts.append(("More parameters", "\(parameters.count - mostParameters)"))
        }
        switch run.phase {
        case .succeeded: if let rows = run.rows { facts.append(("Rows", "\(rows)")) }
        case .failed, .cancelled, .queued, .running, .cancelling:
            facts.append(("Status", run.phase.rawValue))
            if let reason = run.reason { facts.append(("Reason", reason)) }
        }
        if let line = dispatch.asOfLine {
            facts.append(("Source", line))
        } else if let asOf = run.asOf {
            facts.append(("As of", Timestamp(asOf).description))
        }
        if let cluster = dispatch.origin.clusterName { facts.append(("Cluster", cluster)) }
        return facts + [("Report", report.reportID)]
    }

    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .null, .object: ""
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .decimal(let text), .string(let text): text
        case .array(let values): values.map(shown).joined(separator: ", ")
        }
    }
}
