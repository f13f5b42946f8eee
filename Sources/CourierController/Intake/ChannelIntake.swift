import AsyncSupport
import DeliveryChannels
import Digests
import FoundationEssentials
import KubernetesModel
import Logging
import MQTTClient
import PrometheusMetrics
import ReportAPI
import ReportStores

/// Takes requests in from one channel's broker: each message is answered on the reply topic, and acknowledged after that.
/// So one may come again, and is then the same request.
struct ChannelIntake: Sendable {
    /// The channel's.
    let name: String
    let spec: ReportChannelSpec
    let intake: ReportChannelSpec.MQTT.Intake
    let broker: MQTTBroker
    /// Of the courier.
    let namespace: String
    let creator: IntakeCreator
    let standings: IntakeStandings
    let metrics: IntakeMetrics
    let logger: Logger

    /// How long a message is tried before it is put back, so that the connection can show that it lives.
    private static let turn: Duration = .seconds(15)
    /// How long the broker may take to confirm an answer.
    private static let replyTimeout: Duration = .seconds(15)

    /// The broker keeps what comes under this name while nobody reads. Another topic is another name: one name would keep the
    /// subscription to the earlier topic.
    static func clientID(namespace: String, channel: String, topic: String) -> String {
        var digest = SHA256()
        digest.update("\(namespace)/\(channel)/\(topic)".utf8)
        return "ers-\(digest.finish().prefix(18))"
    }

    /// Reads until the task is cancelled.
    func run() async {
        let replies = MQTTClient(to: broker)
        var patience = IntakePatience()
        var lastRetained: Data?
        standings.set(.connecting, for: name)
        let deliveries = MQTTDeliveries(
            of: intake.topic, from: broker,
            clientID: Self.clientID(namespace: namespace, channel: name, topic: intake.topic),
            patience: Self.turn + Self.replyTimeout + .seconds(30),
            largest: IntakeMessage.maximumBytes, observe: observe)
        for await delivery in deliveries {
            let message = delivery.message
            // The broker sends what it keeps each time that we connect; once is answer enough.
            if message.isRetained, message.payload == lastRetained {
                delivery.acknowledge()
                continue
            }
            let isDone = await settle(message, by: replies, &patience)
            guard !Task.isCancelled else { break }
            if isDone {
                if message.isRetained { lastRetained = message.payload }
                delivery.acknowledge()
            } else {
                delivery.putBack()
            }
        }
        standings.set(nil, for: name)
    }

    private func observe(_ event: MQTTDeliveries.Event) {
        switch event {
        case .connected:
            // What blocks a message does so until that is done with.
            if case .stuck? = standings.standing(of: name) { return }
            standings.set(.reading, for: name)
        // We have put a message back.
        case .failed(let error) where error.code == .closed || error.code == .cancelled: break
        case .failed(let error):
            let before = standings.standing(of: name)
            standings.set(.failed(MQTTSender.words(error), mayPass: error.mayPass), for: name)
            guard before == .reading || before == .connecting else { return }
            logger.warning(
                "Requests can't be taken from a broker; it is tried again",
                metadata: ["channel": "\(name)", "error": "\(error)"])
        }
    }

    // MARK: One message

    /// - Returns: whether it is done with.
    private func settle(
        _ message: MQTTMessage, by replies: MQTTClient, _ patience: inout IntakePatience
    ) async -> Bool {
        let end = ContinuousClock.now + Self.turn
        var pauses = Backoff(first: .milliseconds(250), longest: .seconds(5)).delays
        while !Task.isCancelled {
            var answer = await creator.create(message, through: spec)
            let (namespace, id) = (answer.namespace ?? "", answer.id ?? "")
            guard case .postponed(let postponement) = answer.verdict else {
                return await tell(answer, message, by: replies, &patience)
            }
            metrics.retried.increment()
            // One that its sender didn't care about doesn't come again.
            if message.qualityOfService == 0 {
                answer.verdict = .rejected(
                    reason:
                        "it can't be made now, and was sent with QoS 0, which doesn't wait; send it again with QoS 1: "
                        + postponement.reason)
                return await tell(answer, message, by: replies, &patience)
            }
            if patience.isOver(postponement, namespace: namespace, id: id, at: .now) {
                answer.verdict = .rejected(
                    reason: "refused for \(IntakePatience.longest.components.seconds) s: \(postponement.reason); "
                        + "send it again once that is mended")
                return await tell(answer, message, by: replies, &patience)
            }
            waits(postponement, answer)
            let pause = max(postponement.pause, pauses.next())
            guard ContinuousClock.now + pause < end, (try? await Task.sleep(for: pause)) != nil else { return false }
        }
        return false
    }

    private func waits(_ postponement: Postponement, _ answer: IntakeCreator.Answer) {
        let isOurs = IntakeCreator.lacksRight(postponement.reason)
        if isOurs {
            standings.set(
                .stuck(
                    "the courier may not make requests (\(postponement.reason)); apply manifests/components/mqtt-intake",
                    mayPass: false), for: name)
        }
        logger.log(
            level: isOurs || postponement.scope == .cluster ? .warning : .info,
            "A request from a broker can't be created yet",
            metadata: [
                "channel": "\(name)", "namespace": "\(answer.namespace ?? "")", "request": "\(answer.id ?? "")",
                "error": "\(postponement.reason)",
            ])
    }

    private func tell(
        _ answer: IntakeCreator.Answer, _ message: MQTTMessage, by replies: MQTTClient,
        _ patience: inout IntakePatience
    ) async -> Bool {
        guard !Task.isCancelled else { return false }
        let reply = IntakeReply(answer)
        let publication = await replies.publish(
            intake.replyTopic, reply.payload, by: .now + Self.replyTimeout)
        guard case .confirmed = publication else {
            let words: String
            let mayPass: Bool
            switch publication {
            case .confirmed: return true
            case .unsent(let error), .uncertain(let error):
                (words, mayPass) = (MQTTSender.words(error), error.mayPass)
            }
            logger.warning(
                "An answer can't be published; the message comes again",
                metadata: ["channel": "\(name)", "topic": "\(intake.replyTopic)", "error": "\(words)"])
            if !Task.isCancelled {
                standings.set(.stuck("answers can't be published: \(words)", mayPass: mayPass), for: name)
                // Else it would be made again as fast as the broker hands it over.
                try? await Task.sleep(for: .seconds(1))
            }
            // Of QoS 0 there is nothing to put back.
            return message.qualityOfService == 0
        }
        standings.set(.reading, for: name)
        let (namespace, id) = (answer.namespace ?? "", answer.id ?? "")
        let metadata: Logger.Metadata = [
            "channel": "\(name)", "namespace": "\(namespace.head(bytes: 63))", "request": "\(id.head(bytes: 253))",
        ]
        if case .rejected(let reason) = answer.verdict {
            metrics.refused.increment()
            patience.refused(namespace: namespace, id: id)
            logger.warning(
                "Refused a request from a broker",
                metadata: metadata.merging(["reason": "\(reason.head(bytes: 1024))"]) { $1 })
        } else {
            metrics.accepted.increment()
            patience.accepted(namespace: namespace, id: id)
            logger.info("Took a request in from a broker", metadata: metadata)
        }
        return true
    }
}
