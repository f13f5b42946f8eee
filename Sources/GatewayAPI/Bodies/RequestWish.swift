import DeliveryPlanning
package import KubernetesModel
package import ReportAPI

/// What is wanted of a pipeline, once or at certain times: the part that requests and schedules have in common.
package struct RequestWish: Hashable, Sendable {
    package var pipeline: String
    package var parameters: JSONObject?
    package var formats: [OutputFormat]?
    package var deliver: [DeliverSpec]?
    package var priority: Int?
    package var ttlSecondsAfterFinished: Int?
    /// Somebody else than the caller.
    package var requester: Person?

    init(_ fields: inout BodyFields) {
        pipeline = fields.text("pipeline", .name, required: true) ?? ""
        parameters = fields.values("parameters", upTo: 64)
        formats = fields.choices("formats", upTo: 5)
        deliver = fields.objects("deliver", upTo: DeliveryCheck.maximumEntries) { DeliverSpec(&$0) }
        priority = fields.integer("priority", Self.priorities)
        ttlSecondsAfterFinished = fields.integer("ttlSecondsAfterFinished", Self.seconds)
        requester = fields.object("requester") { fields in
            Person(name: fields.text("name", TextRule(1...200)), email: fields.text("email", .email))
        }
    }

    static let priorities = -1000...1000
    static let seconds = 0...Int(Int32.max)

    /// What the operator is asked for, by the person who counts as the requester.
    package func spec(for requester: Person) -> ReportRequestSpec {
        ReportRequestSpec(
            pipelineRef: .init(name: pipeline), parameters: parameters, requester: requester.requester,
            output: formats.map { .init(formats: $0.map(\.rawValue)) }, deliver: deliver, priority: priority,
            ttlSecondsAfterFinished: ttlSecondsAfterFinished)
    }

    /// The requester to record.
    ///
    /// - Throws: a 403 where it is somebody else and the caller may not choose.
    package func requester(caller: Person, mayAskForOthers: Bool, namespace: String) throws(Problem) -> Person {
        guard let requester, requester != caller else { return caller }
        guard mayAskForOthers else {
            throw .forbidden(
                "you may not ask for a report in another's name; leave requester out, or have an administrator of "
                    + "namespace \(namespace) grant you the verb request-for-others on reportrequests")
        }
        return requester
    }
}

extension DeliverSpec {
    init(_ fields: inout BodyFields) {
        self.init(
            channel: fields.text("channel", .name, required: true) ?? "",
            to: fields.texts("to", upTo: DeliveryCheck.maximumRecipients, .email),
            cc: fields.texts("cc", upTo: DeliveryCheck.maximumRecipients, .email),
            replyTo: fields.text("replyTo", .email),
            formats: fields.choices("formats", upTo: 5, OutputFormat.self)?.map(\.rawValue),
            when: fields.choice("when"), unless: fields.choice("unless"),
            only: fields.textsByName("only", upTo: 16, TextRule(0...256)), attach: fields.choice("attach"),
            fileName: fields.text("fileName", TextRule(1...200)), subject: fields.text("subject", TextRule(1...200)),
            text: fields.text("text", TextRule(1...4096)))
    }
}
