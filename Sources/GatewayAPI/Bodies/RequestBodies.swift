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
        var spec: [String: JSONValue] = [:]
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
    package var formats: [OutputFormat]?
    package var subject: String?
    package var text: String?
    /// Only to whom it hasn't been sent.
    package var isOnlyMissing: Bool
    /// The body itself, for its fingerprint.
    package let json: JSONValue

    package init(_ bytes: [UInt8]) throws(Problem) {
        let read = try BodyFields.read(bytes) { fields in
            (
                report: fields.text("report", .reportID, required: true) ?? "", channel: fields.text("channel", .name),
                to: fields.texts("to", upTo: 200, .email),
                formats: fields.choices("formats", upTo: 5, OutputFormat.self),
                subject: fields.text("subject", TextRule(1...200)), text: fields.text("text", TextRule(1...4096)),
                isOnlyMissing: fields.bool("onlyMissing") ?? false
            )
        }
        (report, channel, to, formats, subject, text, isOnlyMissing) = read.body
        json = read.json
    }
}
