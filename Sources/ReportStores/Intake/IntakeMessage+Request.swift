import JSONReading
package import KubernetesModel
import ReportAPI

/// Why a message can't become a request: names the field, its value, and what is allowed.
package struct IntakeFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let words: String
    /// The operator's option that would allow it, where there is one. It is about Redis alone.
    let option: String?

    package init(_ words: String, option: String? = nil) {
        self.words = words
        self.option = option
    }

    package var description: String {
        words + (option.map { " (or have the operator started with \($0))" } ?? "")
    }
}

extension IntakeMessage {
    private static let known = [
        "id", "namespace", "pipeline", "parameters", "requester", "email", "formats", "deliver", "priority",
        "ttlSecondsAfterFinished", "spec",
    ]

    /// The manifest of the request that the message asks for.
    ///
    /// Fields: `id` (the resource's name, required), `namespace`, `pipeline` (required unless there is `spec`),
    /// `parameters` (a JSON object), `requester`, `email`, `formats` (with commas between), `deliver` (a JSON list of channels'
    /// names, or of entries as in the resource's spec), `priority`, `ttlSecondsAfterFinished`; or `spec`, the resource's whole spec as a JSON object, instead of all after `namespace`.
    ///
    /// What the schema checks is checked here only where this text can be clearer than the API server's. A pipeline in
    /// `spec`, instead of the name of one, is refused unless `allowsInlinePipelines`: who may write to the stream could
    /// run anything as anybody. For the same reason it may name channels, and neither whom a report is sent to nor what the mail
    /// says, unless `allowsRecipients`.
    package func request(
        defaultNamespace: String?, allowsInlinePipelines: Bool = false, allowsRecipients: Bool = false
    ) throws(IntakeFault) -> JSONValue {
        if let excess { throw excess }
        let values = try values()
        guard let name = values["id"] else {
            throw IntakeFault("id: is required; it becomes the request's name")
        }
        try Self.check(name, field: "id", allowsDots: true)
        guard let namespace = values["namespace"] ?? defaultNamespace else {
            throw IntakeFault("namespace: is required; it says where the request is made")
        }
        try Self.check(namespace, field: "namespace", allowsDots: false)
        let spec =
            if let text = values["spec"] {
                try Self.whole(text, beside: values, allowsInlinePipelines, allowsRecipients)
            } else {
                try Self.spec(of: values, allowsRecipients)
            }
        return .object([
            "apiVersion": .string("\(ReportsAPI.group)/\(ReportsAPI.version)"),
            "kind": .string(ReportRequest.resourceKind.kind),
            "metadata": .object([
                "name": .string(name),
                "namespace": .string(namespace),
                "labels": .strings([ReportsAPI.Label.intake: source.rawValue]),
                "annotations": .strings(source == .redis ? [ReportsAPI.Annotation.streamEntry: entry] : [:]),
            ]),
            "spec": spec,
        ])
    }

    // MARK: Fields

    private func values() throws(IntakeFault) -> [String: String] {
        var values: [String: String] = [:]
        for field in fields {
            let name = String(decoding: field.name, as: UTF8.self)
            guard field.name.count <= 64, Self.known.contains(name) else {
                throw IntakeFault("\(Self.brief(name)): is unknown; known are \(Self.known.joined(separator: ", "))")
            }
            guard let value = String(validating: field.value, as: UTF8.self) else {
                throw IntakeFault("\(name): is not valid UTF-8")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw IntakeFault("\(name): is in the message twice; give it once")
            }
        }
        return values
    }

    private static func check(_ value: String, field: String, allowsDots: Bool) throws(IntakeFault) {
        guard allowsDots ? NameForm.isSubdomain(value) : NameForm.isLabel(value) else {
            let (dots, longest) = allowsDots ? (", \"-\" and \".\"", 253) : (" and \"-\"", 63)
            throw IntakeFault(
                "\(field): \(brief(value)) is not a name of lowercase letters, digits\(dots) that begins and ends with a letter or digit, of at most \(longest) characters"
            )
        }
    }

    // MARK: Spec

    private static func spec(of values: [String: String], _ allowsRecipients: Bool) throws(IntakeFault) -> JSONValue {
        guard let pipeline = values["pipeline"] else {
            throw IntakeFault("pipeline: is required, unless the message has spec")
        }
        try check(pipeline, field: "pipeline", allowsDots: true)
        var spec: JSONObject = ["pipelineRef": .strings(["name": pipeline])]
        if let text = values["parameters"] { spec["parameters"] = .object(try object(text, field: "parameters")) }
        if let text = values["formats"] { spec["output"] = .object(["formats": try formats(text)]) }
        if let text = values["deliver"] {
            spec["deliver"] = .array(try deliver(text, allowsRecipients))
        }
        if let text = values["priority"] {
            spec["priority"] = try integer(text, field: "priority", in: -1000...1000)
        }
        if let text = values["ttlSecondsAfterFinished"] {
            spec["ttlSecondsAfterFinished"] = try integer(
                text, field: "ttlSecondsAfterFinished", in: 0...Int64(Int32.max))
        }
        var requester: [String: String] = [:]
        if let name = values["requester"] {
            guard (1...200).contains(name.unicodeScalars.count) else {
                throw IntakeFault("requester: \(brief(name)) is not a name of 1 to 200 characters")
            }
            requester["name"] = name
        }
        if let email = values["email"] {
            // Of characters, that may have four bytes each; of a longer one nothing else is looked at.
            let parts =
                email.utf8.count <= 1016 ? email.split(separator: "@", omittingEmptySubsequences: false) : []
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !email.contains(where: \.isWhitespace),
                email.unicodeScalars.count <= 254
            else { throw IntakeFault("email: \(brief(email)) is not an address such as dana@example.com") }
            requester["email"] = email
        }
        if !requester.isEmpty { spec["requester"] = .strings(requester) }
        return .object(spec)
    }

    private static func whole(
        _ text: String, beside values: [String: String], _ allowsInlinePipelines: Bool, _ allowsRecipients: Bool
    ) throws(IntakeFault) -> JSONValue {
        let others = values.keys.filter { !["id", "namespace", "spec"].contains($0) }.sorted()
        guard others.isEmpty else {
            throw IntakeFault(
                "spec: excludes \(others.joined(separator: ", ")); beside it only id and namespace are allowed")
        }
        let members = try object(text, field: "spec")
        let allowed = [
            "pipelineRef", "pipeline", "parameters", "requester", "output", "deliver", "priority", "cancel",
            "attempt", "ttlSecondsAfterFinished",
        ]
        // The API server would drop them without a word.
        if let unknown = members.keys.filter({ !allowed.contains($0) }).min() {
            throw IntakeFault("spec.\(brief(unknown)): is unknown; known are \(allowed.joined(separator: ", "))")
        }
        guard (members["pipelineRef"] == nil) != (members["pipeline"] == nil) else {
            throw IntakeFault("spec: exactly one of pipelineRef and pipeline is needed")
        }
        guard members["pipeline"] == nil || allowsInlinePipelines else {
            throw IntakeFault(
                "spec.pipeline: a message may name a pipeline but not bring one; make it a ReportPipeline and name that in "
                    + "spec.pipelineRef", option: "--intake-inline-pipelines")
        }
        for (list, field) in [
            (members["deliver"], "spec.deliver"), (members["pipeline"]?["deliver"], "spec.pipeline.deliver"),
        ] {
            try checkEntries(list?.array ?? [], field: field, allowsRecipients)
        }
        do {
            _ = try JSONReader().decode(ReportRequestSpec.self, from: JSONValue.object(members).jsonText)
        } catch let error as DecodingError {
            throw IntakeFault("spec.\(error.sentence)")
        } catch {
            throw IntakeFault("spec: \(error)")
        }
        return .object(members)
    }

    // Internal, for the part of it in another file.
    static func object(_ text: String, field: String) throws(IntakeFault) -> JSONObject {
        do {
            return exact(try JSONReader().decode(JSONObject.self, from: text), isSpec: field == "spec")
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw IntakeFault("\(field).\(DecodingError.dataCorrupted(context).sentence)")
        } catch {
            throw IntakeFault("\(field): \(brief(text)) is not a JSON object such as {\"period\": \"2026-10\"}")
        }
    }

    /// The API server would round a number of many digits; as text, which a parameter of that type may be, it keeps them.
    private static func exact(_ members: JSONObject, isSpec: Bool) -> JSONObject {
        guard !isSpec else {
            var members = members
            if let parameters = members["parameters"]?.object {
                members["parameters"] = .object(exact(parameters, isSpec: false))
            }
            return members
        }
        return members.mapValues(exact)
    }

    private static func exact(_ value: JSONValue) -> JSONValue {
        switch value {
        case .decimal(let text): .string(text)
        case .array(let values): .array(values.map { if case .decimal(let text) = $0 { .string(text) } else { $0 } })
        default: value
        }
    }

    private static func formats(_ text: String) throws(IntakeFault) -> JSONValue {
        guard text.utf8.count <= 256 else {
            throw IntakeFault("formats: \(brief(text)) is not a list of \(OutputFormat.list), with commas between")
        }
        let wanted = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        for format in wanted where OutputFormat(rawValue: format) == nil {
            throw IntakeFault(
                "formats: \(brief(format)) is not one of \(OutputFormat.list), with commas between")
        }
        guard Set(wanted).count == wanted.count else {
            throw IntakeFault("formats: \(brief(text)) names one twice; give each once")
        }
        return .strings(wanted)
    }

    private static func integer(
        _ text: String, field: String, in range: ClosedRange<Int64>
    ) throws(IntakeFault) -> JSONValue {
        guard let value = Int64(text), range.contains(value) else {
            throw IntakeFault(
                "\(field): \(brief(text)) is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return .integer(value)
    }

    /// A value as a reason shows it.
    static func brief(_ value: String) -> String {
        let shown = value.head(bytes: 80).unicodeScalars.map { $0.value < 0x20 ? "\u{FFFD}" : $0 }
        return "\"\(String(String.UnicodeScalarView(shown)))\""
    }
}
