import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportPlanning

/// A request on its way to the server.
struct Submission: Sendable {
    let session: Session
    let spec: ReportRequestSpec

    /// Creates it under that name, or under one made of `base`.
    ///
    /// The server's `generateName` would make two requests of one whose answer gets lost, so the name is made here and
    /// sent again as it is.
    func create(name: String?, base: String) async throws -> ReportRequest {
        if let name {
            let (request, isOurs) = try await create(name)
            guard isOurs else {
                throw Trouble(
                    "there is a report request \"\(name)\" already",
                    advice: [session.command("describe", name), "or leave --name out, for a name of its own"],
                    code: .usage)
            }
            return request
        }
        while true {
            let (request, isOurs) = try await create(Self.uniqueName(base))
            if isOurs { return request }
        }
    }

    /// Tries until it is there; false: somebody else's has the name.
    private func create(_ name: String) async throws -> (ReportRequest, isOurs: Bool) {
        let manifest = try Self.manifest(name: name, isWhole: true, spec: spec)
        let outcome = try await session.create { client throws(KubernetesError) in
            try await client.create(ReportRequest.self, manifest: manifest, namespace: session.namespace)
        }
        switch outcome {
        case .created(let request): return (request, true)
        case .exists(let isRepeated):
            let found = try await session.request(name)
            // The transport may have sent it twice, or the answer to the first try got lost.
            let isFresh =
                (found.metadata.creationTimestamp ?? Timestamp(seconds: 0)).seconds
                > Timestamp(Date.now).seconds - 120
            return (found, found.spec.value == spec && (isRepeated || isFresh))
        case .unknown(let error):
            throw Trouble(
                "the API server doesn't say whether it made \(name): \(error.message)",
                advice: ["before you try again, see whether it is there: \(session.command("describe", name))"])
        }
    }

    /// `isWhole`: whether `name` is one, or the beginning of one that the server makes.
    static func manifest(name: String, isWhole: Bool, spec: ReportRequestSpec) throws -> JSONValue {
        let encoded = try JSONEncoder().encode(spec)
        return .object([
            "apiVersion": .string(ReportRequest.resourceKind.apiVersion),
            "kind": .string(ReportRequest.resourceKind.kind),
            "metadata": .object([isWhole ? "name" : "generateName": .string(name)]),
            "spec": try JSONDecoder().decode(JSONValue.self, from: encoded),
        ])
    }

    /// As the server makes names: five characters that spell no word.
    static func uniqueName(_ base: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        let tail = String((0..<5).compactMap { _ in alphabet.randomElement() })
        var head = String(base.prefix(57))
        while head.last == "-" || head.last == "." { head.removeLast() }
        return "\(head)-\(tail)"
    }

    /// `NAME=VALUE`; the values stay text, which every type of parameter is read from.
    static func parameters(_ texts: [String]) throws -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for text in texts {
            guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
                throw ValidationError("-p \(text): must be NAME=VALUE, such as -p period=2026-10")
            }
            let name = String(text[..<sign])
            guard values.updateValue(.string(String(text[text.index(after: sign)...])), forKey: name) == nil else {
                throw ValidationError("-p \(name): is given twice")
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
                .init(name: String($0.prefix(200)))
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
        fault.replacing(" (quote it in YAML)", with: "").replacing("spec.parameters.", with: "-p ")
    }

    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !text.contains(where: \.isWhitespace)
            && text.count <= 254
    }
}

extension String {
    var trimmingSpaces: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
