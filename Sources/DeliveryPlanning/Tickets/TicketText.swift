import ReportLayout

/// A string of a ticket's template with placeholders, which stand for what is known of the firing.
///
/// For example:
///
///     try TicketText("{label:machine} has stopped: {annotation:summary}")
package struct TicketText: Hashable, Sendable {
    /// What is wrong with a text, in a sentence.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    package enum Placeholder: Hashable, Sendable {
        case label(String)
        case annotation(String)
        case namespace, trigger, fingerprint, since, key
        /// Of a ticket that is closed.
        case endedAt, id
    }

    private let text: BracedText<Placeholder>

    /// `isAllowed`: which ones have a meaning where the text is; `list`: how these are written, for people.
    package init(_ text: String, list: String, isAllowed: (Placeholder) -> Bool) throws(Fault) {
        func fault(_ text: String, _ what: String) -> Fault {
            Fault(
                description:
                    "\(FieldFaults.shown(text)) \(what); allowed are \(list); write {{ for a brace")
        }
        do throws(BracedText<Placeholder>.Fault) {
            self.text = try BracedText(text) { name in Self.placeholder(name).flatMap { isAllowed($0) ? $0 : nil } }
        } catch {
            switch error {
            case .notClosed(let rest): throw fault("{\(rest)", "is not closed")
            case .unknown(let name): throw fault("{\(name)}", "is unknown here")
            }
        }
    }

    private static func placeholder(_ name: Substring) -> Placeholder? {
        for (prefix, placeholder) in [("label:", Placeholder.label), ("annotation:", Placeholder.annotation)]
        where name.utf8.starts(with: prefix.utf8) && name.utf8.count > prefix.utf8.count {
            return placeholder(String(name.dropFirst(prefix.count)))
        }
        return switch name {
        case "namespace": .namespace
        case "trigger": .trigger
        case "fingerprint": .fingerprint
        case "since": .since
        case "key": .key
        case "endedAt": .endedAt
        case "id": .id
        default: nil
        }
    }

    /// In order.
    package var placeholders: [Placeholder] { text.placeholders }

    /// Each value is put in once, and never read for placeholders.
    func filled(_ value: (Placeholder) -> String) -> String { text.text(value) }
}
