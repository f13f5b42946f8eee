import ArgumentParser
import KubernetesModel
import ReportClient

/// Names as they are typed. One that no object can have is refused before anything is asked: an empty one, as an unset
/// variable leaves it, or one of dots would address a whole list.
enum NameArgument {
    /// Of an object; nil where none was given. `noun`: what it names, such as `request`.
    static func check(_ name: String?, of noun: String) throws(ValidationError) {
        guard let name, !NameForm.isSubdomain(name) else { return }
        throw ValidationError("\(fault(name, noun)); \(form)")
    }

    /// Of something that may bear any text: only that it isn't empty.
    static func checkNotEmpty(_ text: String?, _ what: String) throws(ValidationError) {
        if text?.trimmingSpaces.isEmpty == true { throw ValidationError("\(what) is empty") }
    }

    static func fault(_ name: String, _ noun: String) -> String {
        name.isEmpty ? "the name of the \(noun) is empty" : "\"\(name)\" is not the name of a \(noun)"
    }

    static let form =
        "allowed are at most 253 lower-case letters, digits, dashes and dots, with a letter or a digit at both ends and "
        + "beside each dot"
}
