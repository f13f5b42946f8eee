import KubernetesModel

/// A text of a layout with placeholders: `{period}` stands for a parameter's value, `{{` for a brace.
///
/// For example:
///
///     PlaceholderText("Trial balance {period}").text(of: identity)       // Trial balance 2026-10
package struct PlaceholderText: Hashable, Sendable {
    /// What is wrong with a text, in a sentence.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private enum Part: Hashable, Sendable {
        case text(String)
        case placeholder(String)
    }

    private let parts: [Part]

    /// What every report has. A parameter of the same name is hidden behind it.
    package static let common = ["report", "namespace", "pipeline"]

    package init(_ text: String) throws(Fault) {
        var parts: [Part] = []
        var rest = text[...]
        // By bytes: a search for a character costs the square of what a long run of accents is long.
        while let brace = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
            if brace > rest.startIndex { parts.append(.text(String(rest[..<brace]))) }
            rest = rest[rest.utf8.index(after: brace)...]
            if rest.utf8.first == UInt8(ascii: "{") {
                parts.append(.text("{"))
                rest = rest[rest.utf8.index(after: rest.startIndex)...]
                continue
            }
            guard let end = rest.utf8.firstIndex(of: UInt8(ascii: "}")) else {
                throw Fault(
                    description: "\"\("{\(rest)".head(bytes: 64))\" is not closed; write {{ for a brace")
            }
            parts.append(.placeholder(String(rest[..<end])))
            rest = rest[rest.utf8.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    package var names: [String] {
        parts.compactMap { part in
            if case .placeholder(let name) = part { name } else { nil }
        }
    }

    /// Each value is put in once and never read for placeholders, on one line. A parameter without a value is empty.
    package func text(of identity: ReportIdentity) -> String {
        text(of: identity) { $0.onOneLine.head(bytes: 256) }
    }

    /// The same with each value as `escape` makes it from the whole of it: for a target with rules of its own.
    package func text(of identity: ReportIdentity, escaping escape: (String) -> String) -> String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .text(let part): text += part
            case .placeholder(let name): text += escape(Self.value(name, identity))
            }
        }
    }

    private static func value(_ name: String, _ identity: ReportIdentity) -> String {
        switch name {
        case "report": identity.reportID
        case "namespace": identity.namespace
        case "pipeline": identity.pipeline ?? identity.name
        default: identity.parameters[name].map(text) ?? ""
        }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .decimal(let text), .string(let text): text
        case .array(let values): values.map(text).joined(separator: ", ")
        case .object: ""
        }
    }
}

extension String {
    /// With a space for each control character and each end of a line.
    package var onOneLine: String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let isBreak =
                scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
            text.append(isBreak ? " " : scalar)
        }
        return String(text)
    }
}
