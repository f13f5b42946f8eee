import AsyncSupport
import DeliveryPlanning
import FoundationEssentials
package import MQTTClient
package import ReportAPI
import ReportLayout

/// Publishes a notice to a broker with QoS 1: it is sent when the broker has confirmed it.
package struct MQTTSender: ChannelSender {
    private let topic: ChannelTopic
    private let notice: MQTTNotice
    private let retain: Bool
    private let client: MQTTClient

    /// Throws `ChannelFault`, naming the field or the Secret's key.
    package init(_ channel: ReportChannelSpec, secrets: ChannelSecrets) throws(ChannelFault) {
        guard let spec = channel.mqtt else { throw ChannelFault("spec.mqtt: is required for type MQTT") }
        switch Result(catching: { () throws(PlaceholderText.Fault) in try ChannelTopic(spec.topic) }) {
        case .success(let topic): self.topic = topic
        case .failure(let fault): throw ChannelFault("spec.mqtt.topic: \(fault)")
        }
        notice = MQTTNotice(parameters: Set(spec.parameters ?? []), showsRequester: spec.requester ?? false)
        retain = spec.retain ?? false
        client = MQTTClient(to: try MQTTBroker(channel, secrets: secrets))
    }

    /// Readers know a notice by its id.
    package var repeatsHarmlessly: Bool { true }

    package func send(
        _ dispatch: Dispatch, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        let topic = topic.text(of: dispatch.report)
        let publication = await client.publish(
            topic, notice.payload(of: dispatch), retain: retain, by: deadline, mayBegin: mayBegin)
        switch publication {
        case .confirmed: return .sent(id: nil, words: "\(client.broker) confirmed it on \(topic)")
        case .unsent(let error):
            if error.code == .message { return .refused(words: "\(error) (topic \(topic))") }
            if !error.mayPass { return .misconfigured(words: Self.words(error)) }
            return .deferred(words: Self.words(error), after: nil)
        case .uncertain(let error):
            return .uncertain(words: "\(error); it may have arrived, and is sent again with the same id")
        }
    }

    /// Connects, signs in and says farewell. Whether the user may publish to a topic, only a notice shows.
    package func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial {
        switch await Result(catching: { () async throws(MQTTError) in try await client.check(by: deadline) }) {
        case .success:
            let security = client.broker.tls == nil ? "without TLS" : "with TLS"
            let identity = client.broker.user.map { "signed in as \($0)" } ?? "without signing in"
            return .works(words: "Connected to \(client.broker) \(security), \(identity); nothing was published")
        case .failure(let error):
            let words = Self.words(error)
            return error.mayPass ? .unreachable(words: words) : .misconfigured(words: words)
        }
    }

    /// With what to do next.
    package static func words(_ error: MQTTError) -> String {
        switch error.code {
        case .addressRefused:
            "\(error), which the channel may not connect to; set spec.allowPrivateAddresses: true if it is meant"
        case .configuration: "\(error); mend the Secret in spec.tls"
        case .certificate:
            "\(error); give the authority that signed it in spec.tls.caSecretRef, and the name that it has in spec.mqtt.server"
        case .clientCertificate: "\(error); mend the Secret in spec.tls.clientCertificateSecretRef"
        case .credentials: "\(error); mend the Secret in spec.mqtt.credentials, or the broker's list of users"
        case .tls: "\(error); see that the port in spec.mqtt.server is the broker's port for TLS"
        case .topicRefused, .refused, .message, .resolve, .connect, .busy, .connectionLost, .timeout, .stopped,
            .cancelled, .closed:
            error.message
        }
    }
}
