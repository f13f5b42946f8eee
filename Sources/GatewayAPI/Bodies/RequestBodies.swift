package import KubernetesModel
package import ReportAPI

/// Of `POST /requests`.
package struct NewRequestBody: Hashable, Sendable {
    package var namespace: String
    package var name: String?
    package var wish: RequestWish
    /// The body itself, for its fingerprint.
    package let json: JSONValue

    package init(_ bytes: [UInt8]) throws(Problem) {
        let read = try BodyFields.read(bytes) { fields in
            (
                namespace: fields.text("namespace", .name, required: true) ?? "", name: fields.text("name", .name),
                wish: RequestWish(&fields)
            )
        }
        (namespace, name, wish) = read.body
        json = read.json
    }

    /// What the operator would refuse, each beside its field; empty where it would take it.
    package func faults(pipeline: ReportPipeline, channels: KnownChannels? = nil, requester: Person? = nil)
        -> [FieldError]
    {
        WishChecks(wish, pipeline: pipeline, channels: channels, requester: requester).requestFaults()
    }

    package func spec(for requester: Person) -> ReportRequestSpec { wish.spec(for: requester) }
}

/// Of `PATCH /requests/{namespace}/{name}`.
package struct RequestPatchBody: Hashable, Sendable {
    package var priority: Int?
    /// Nil: it stays as it is; a nil in it: for ever.
    package var ttlSecondsAfterFinished: Int??

    package init(_ bytes: [UInt8]) throws(Problem) {
        (priority, ttlSecondsAfterFinished) = try BodyFields.read(bytes) { fields in
            (
                fields.integer("priority", RequestWish.priorities),
                fields.integerOrNull("ttlSecondsAfterFinished", RequestWish.seconds)
            )
        }.body
        if priority == nil, ttlSecondsAfterFinished == nil {
            throw .invalid([
                FieldError("priority", "nothing is to be changed; give priority, ttlSecondsAfterFinished or both")
            ])
        }
    }

    /// A JSON merge patch of the resource (RFC 7386).
    package var mergePatch: JSONValue {
        var spec: JSONObject = [:]
        if let priority { spec["priority"] = .integer(Int64(priority)) }
        if let seconds = ttlSecondsAfterFinished {
            spec["ttlSecondsAfterFinished"] = seconds.map { .integer(Int64($0)) } ?? .null
        }
        return .object(["spec": .object(spec)])
    }
}

/// Of `POST /deliveries`.
package struct NewDeliveryBody: Hashable, Sendable {
    package var report: String
    package var channel: String?
    package var to: [String]?
    package var cc: [String]?
    package var formats: [OutputFormat]?
    package var subject: String?
    package var text: String?
    /// Columns and the values that rows need in them; empty for all rows.
    package var only: [String: String]?
    /// Only to those it hasn't been sent to.
    package var isOnlyMissing: Bool
    /// The body itself, for its fingerprint.
    package let json: JSONValue

    package init(_ bytes: [UInt8]) throws(Problem) {
        let read = try BodyFields.read(bytes) { fields in
            (
                report: fields.text("report", .reportID, required: true) ?? "", channel: fields.text("channel", .name),
                to: fields.texts("to", upTo: 200, .email), cc: fields.texts("cc", upTo: 200, .email),
                formats: fields.choices("formats", upTo: 5, OutputFormat.self),
                subject: fields.text("subject", TextRule(1...200)), text: fields.text("text", TextRule(1...4096)),
                only: fields.textsByName("only", upTo: 16, TextRule(0...256)),
                isOnlyMissing: fields.bool("onlyMissing") ?? false
            )
        }
        (report, channel, to, cc, formats, subject, text, only, isOnlyMissing) = read.body
        json = read.json
    }

    /// What no schema says.
    package var fault: FieldError? {
        let recipients = (to?.count ?? 0) + (cc?.count ?? 0)
        if recipients > 200 {
            return FieldError("cc", "to and cc have \(recipients) addresses; at most 200 are allowed together")
        }
        guard isOnlyMissing, cc?.isEmpty == false else { return nil }
        return FieldError("cc", "is for everyone once more; leave it out where onlyMissing is true")
    }
}
