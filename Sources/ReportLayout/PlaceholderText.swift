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

    private let text: BracedText<String>

    /// What every report has. A parameter of the same name is hidden behind it.
    package static let common = ["report", "namespace", "pipeline"]

    package init(_ text: String) throws(Fault) {
        do throws(BracedText<String>.Fault) {
            self.text = try BracedText(text) { String($0) }
        } catch {
            switch error {
            case .notClosed(let rest), .unknown(let rest):
                throw Fault(
                    description: "\"\("{\(rest)".head(bytes: 64))\" is not closed; write {{ for a brace")
            }
        }
    }

    package var names: [String] { text.placeholders }

    /// Each value is put in once and never read for placeholders, on one line. A parameter without a value is empty.
    package func text(of identity: ReportIdentity) -> String {
        text(of: identity) { $0.onOneLine.head(bytes: 256) }
    }

    /// The same with each value as `escape` makes it from the whole of it: for a target with rules of its own.
    package func text(of identity: ReportIdentity, escaping escape: (String) -> String) -> String {
        self.text.text { escape(Self.value($0, identity)) }
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
