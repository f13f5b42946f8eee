import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient

/// What a request says, from what is typed.
enum SubmissionArguments {
    /// `NAME=VALUE`; the values stay text, which every type of parameter is read from. One that is given several times is a
    /// list.
    static func parameters(_ texts: [String]) throws -> JSONObject {
        var values: JSONObject = [:]
        for text in texts {
            guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
                throw ValidationError("-p \(text): must be NAME=VALUE, such as -p period=2026-10")
            }
            let name = String(text[..<sign])
            let value = JSONValue.string(String(text[text.index(after: sign)...]))
            switch values[name] {
            case nil: values[name] = value
            case .array(let before)?: values[name] = .array(before + [value])
            case let before?: values[name] = .array([before, value])
            }
        }
        return values
    }

    /// What `--requester` says, else the user that the server is spoken to as.
    static func requester(
        _ text: String?, configuration: ClientConfiguration
    ) throws -> ReportRequestSpec.Requester? {
        guard let text else {
            return (configuration.impersonation?.user ?? configuration.userName).map {
                .init(name: $0.head(bytes: 200))
            }
        }
        let trimmed = text.trimmingSpaces
        guard !trimmed.isEmpty else { throw ValidationError("--requester: is empty") }
        if trimmed.hasSuffix(">"), let open = trimmed.lastIndex(of: "<") {
            let name = String(trimmed[..<open]).trimmingSpaces
            let email = String(trimmed[trimmed.index(after: open)...].dropLast()).trimmingSpaces
            guard isAddress(email) else {
                throw ValidationError("--requester: \"\(email)\" is not an e-mail address")
            }
            return .init(name: name.isEmpty ? nil : name, email: email)
        }
        return isAddress(trimmed) ? .init(email: trimmed) : .init(name: trimmed)
    }

    /// A fault as the operator words it, without advice that is for manifests.
    static func forCommandLine(_ fault: String) -> String {
        fault.replacing(" (quote it in YAML)", with: "").replacing(" as a list; it takes one", with: "; it takes one")
            .replacing("spec.parameters.", with: "-p ")
    }

    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !text.contains(where: \.isWhitespace)
            && text.count <= 254
    }
}
