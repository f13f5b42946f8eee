package import FoundationEssentials

/// A message that came.
package struct MQTTMessage: Hashable, Sendable {
    package var topic: String
    /// Of one that is larger than was wanted, nothing.
    package var payload: Data
    /// Of the whole payload.
    package var bytes: Int
    /// Whether the broker had kept it for those who come later: it wasn't published just now.
    package var isRetained: Bool
    /// 0 where its publisher didn't care whether it arrives: it doesn't come again.
    package var qualityOfService: Int

    package init(topic: String, payload: Data, isRetained: Bool = false, qualityOfService: Int = 1) {
        self.topic = topic
        self.payload = payload
        bytes = payload.count
        self.isRetained = isRetained
        self.qualityOfService = qualityOfService
    }
}

/// What became of a message of ours.
package enum MQTTPublication: Hashable, Sendable {
    /// The broker has it.
    case confirmed
    /// It never left.
    case unsent(MQTTError)
    /// It may have arrived or not.
    case uncertain(MQTTError)
}
