package import KubernetesModel
import ReportAPI

/// Whether the operator runs a pipeline that a request or a schedule brings itself: `--inline-pipelines`.
package enum InlinePipelineRule: Hashable, Sendable, CustomStringConvertible {
    case allowed
    case forbidden
    /// In namespaces whose labels match.
    case labelled(LabelSelector)

    /// What is wrong with the option's value.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    package init(_ text: String) throws(Fault) {
        switch text {
        case "Allowed": self = .allowed
        case "Forbidden": self = .forbidden
        default: self = .labelled(try Self.selector(text))
        }
    }

    /// As the option has it.
    package var description: String {
        switch self {
        case .allowed: "Allowed"
        case .forbidden: "Forbidden"
        case .labelled(let selector): selector.description
        }
    }

    private static func selector(_ text: String) throws(Fault) -> LabelSelector {
        func fault(_ why: String) -> Fault {
            Fault(
                description: "\"\(text)\" is not Allowed, Forbidden or a label selector of namespaces, such as "
                    + "team=finance or tier in (core,trusted): \(why)")
        }
        if text.allSatisfy(\.isWhitespace) { throw fault("it is empty") }
        // A selector too, of a label that nobody means.
        if ["allowed", "forbidden"].contains(text.lowercased()) { throw fault("the word begins with a capital") }
        do throws(LabelSelector.Fault) {
            return try LabelSelector(text)
        } catch {
            throw fault(error.description)
        }
    }
}

/// What that rule says of one namespace.
package enum InlinePipelines: Hashable, Sendable {
    case allowed
    case forbidden
    /// Its labels don't match.
    case unlabelled(LabelSelector)
    /// Whether they match isn't known: the operator hasn't read the namespaces, or may not.
    case undecided(LabelSelector)

    /// Why no inline pipeline is run there, or not yet; nil where they are. `field`: where it is, such as
    /// `spec.pipeline`.
    func obstacle(field: String, namespace: String) -> (reason: String, message: String, isFinal: Bool)? {
        let cure = "make a ReportPipeline of it, and name that in \(field)Ref"
        switch self {
        case .allowed: return nil
        case .forbidden:
            return (
                Reason.inlinePipelineForbidden,
                "\(field): this operator runs no inline pipelines (--inline-pipelines Forbidden); \(cure)", true
            )
        case .unlabelled(let selector):
            return (
                Reason.inlinePipelineForbidden,
                "\(field): namespace \(namespace) may bring no inline pipelines: this operator runs them where the "
                    + "namespace's labels match \"\(selector)\" (--inline-pipelines); \(cure), or ask an administrator "
                    + "for the label", true
            )
        case .undecided(let selector):
            return (
                Reason.inlinePipelineUndecided,
                "\(field): whether the labels of namespace \(namespace) match \"\(selector)\" (--inline-pipelines) "
                    + "isn't known yet; if this lasts, the operator may not list and watch namespaces: see its log",
                false
            )
        }
    }
}
