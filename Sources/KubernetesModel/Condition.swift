/// `metav1.Condition`; the Job's own conditions decode to it too.
public struct Condition: Codable, Hashable, Sendable {
    public var type: String
    /// `True`, `False` or `Unknown`.
    public var status: String
    public var reason: String
    public var message: String
    public var lastTransitionTime: Timestamp?
    public var observedGeneration: Int64?

    private enum CodingKeys: String, CodingKey {
        case type, status, reason, message, lastTransitionTime, observedGeneration
    }

    public init(
        type: String,
        status: String,
        reason: String,
        message: String,
        lastTransitionTime: Timestamp?,
        observedGeneration: Int64?
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.lastTransitionTime = lastTransitionTime
        self.observedGeneration = observedGeneration
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decode(String.self, forKey: .type)
        status = try container.decode(String.self, forKey: .status)
        reason = try container.decodeIfPresent(String.self, forKey: .reason) ?? ""
        message = try container.decodeIfPresent(String.self, forKey: .message) ?? ""
        lastTransitionTime = try container.decodeIfPresent(Timestamp.self, forKey: .lastTransitionTime)
        observedGeneration = try container.decodeIfPresent(Int64.self, forKey: .observedGeneration)
    }

    /// Without a reason or a message where there is none: others write conditions that have neither.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(type, forKey: .type)
        try container.encode(status, forKey: .status)
        if !reason.isEmpty { try container.encode(reason, forKey: .reason) }
        if !message.isEmpty { try container.encode(message, forKey: .message) }
        try container.encodeIfPresent(lastTransitionTime, forKey: .lastTransitionTime)
        try container.encodeIfPresent(observedGeneration, forKey: .observedGeneration)
    }

    public var isTrue: Bool { status == "True" }
}
