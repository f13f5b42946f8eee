import KubernetesModel
import ReportAPI
import ReportLayout

/// A parameter's text with placeholders, which stand for labels and annotations of an alert.
///
/// For example:
///
///     try AlertText("{label:machine}: {annotation:summary}")
package struct AlertText: Hashable, Sendable {
    /// What is wrong with a text, in a sentence.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// What a placeholder stands for.
    package enum Source: Hashable, Sendable {
        case label(String)
        case annotation(String)
    }

    private let text: BracedText<Source>

    package init(_ text: String) throws(Fault) {
        do throws(BracedText<Source>.Fault) {
            self.text = try BracedText(text, placeholder: Self.source)
        } catch {
            switch error {
            case .notClosed(let rest): throw Self.fault("{\(rest)", "is not closed")
            case .unknown(let name): throw Self.fault("{\(name)}", "is unknown")
            }
        }
    }

    private static func fault(_ text: String, _ what: String) -> Fault {
        Fault(
            description:
                "\"\(JSONValue.shortened(text))\" \(what); allowed are {label:NAME} and {annotation:NAME}; "
                + "write {{ for a brace")
    }

    private static func source(_ text: Substring) -> Source? {
        for (prefix, source) in [("label:", Source.label), ("annotation:", Source.annotation)]
        where text.utf8.starts(with: prefix.utf8) && text.utf8.count > prefix.utf8.count {
            return source(String(text.dropFirst(prefix.count)))
        }
        return nil
    }

    /// What it stands for, in order.
    package var sources: [Source] { text.placeholders }

    /// With what `value` gives in place of the placeholders.
    func filled(_ value: (Source) -> String) -> String { text.text(value) }
}

extension AlertText.Source: CustomStringConvertible {
    package var description: String {
        switch self {
        case .label(let name): "label \"\(name)\""
        case .annotation(let name): "annotation \"\(name)\""
        }
    }

    func value(in alert: ReportTriggerStatus.Alert) -> String? {
        switch self {
        case .label(let name): alert.labels?[name]
        case .annotation(let name): alert.annotations?[name]
        }
    }
}
