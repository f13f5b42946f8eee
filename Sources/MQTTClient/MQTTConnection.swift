import AsyncSupport
package import FoundationEssentials

/// One connection to a broker, from its opening until it breaks or is closed.
package final class MQTTConnection: Sendable {
    package struct Options: Sendable {
        /// What the broker calls us: of two with one name it keeps the later.
        package var clientID: String
        package var version = MQTTVersion.five
        /// Whether the broker keeps subscriptions and messages for us while we are away.
        package var keepsSession = false
        /// What to subscribe to, with QoS 1.
        package var topic: String?
        /// How long a message that came may take to be handled, before it is left to come again.
        package var patience: Duration = .seconds(30)
        /// Of a payload with more bytes nothing is kept but their number.
        package var largest = Int.max
        /// How long a connection with nothing to send stays open. Nil: for good.
        package var linger: Duration?

        package init(clientID: String) { self.clientID = clientID }
    }

    private let mailbox: ConnectionMailbox

    private init(_ mailbox: ConnectionMailbox) { self.mailbox = mailbox }

    deinit { mailbox.close() }

    /// Returns once the broker has taken us; throws at the deadline, or when the task is cancelled before.
    package static func open(
        _ broker: MQTTBroker, _ options: Options, by deadline: ContinuousClock.Instant
    ) async throws(MQTTError) -> MQTTConnection {
        let mailbox = ConnectionMailbox()
        let connection = MQTTConnection(mailbox)
        NativeThread.start(named: "mqtt") {
            ConnectionThread(broker: broker, options: options, mailbox: mailbox).run(until: deadline)
        }
        let result = await withTaskCancellationHandler {
            await mailbox.opened()
        } onCancel: {
            mailbox.close()
        }
        try result.get()
        return connection
    }

    /// Whether a message could be sent.
    package var isOpen: Bool { mailbox.isOpen }

    /// Why it is over; nil while it isn't.
    package var end: MQTTError? { mailbox.end }

    /// Sends a message with QoS 1: `confirmed` when the broker has said that it has it.
    ///
    /// `mayBegin` is asked just before it goes out, on the connection's thread; false stops it.
    package func publish(
        _ topic: String, _ payload: Data, retain: Bool = false, by deadline: ContinuousClock.Instant,
        mayBegin: @escaping @Sendable () -> Bool = { true }
    ) async -> MQTTPublication {
        let id = mailbox.nextID()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let message = PendingMessage(
                    id: id, topic: topic, payload: payload, retain: retain, deadline: deadline, mayBegin: mayBegin,
                    done: continuation)
                if Task.isCancelled {
                    continuation.resume(returning: .unsent(MQTTError(.cancelled, "it was cancelled")))
                } else if !mailbox.post(.publish(message)) {
                    let end = mailbox.end ?? MQTTError(.closed, "the connection was closed")
                    continuation.resume(returning: .unsent(MQTTError(.connectionLost, end.message)))
                } else if Task.isCancelled {
                    // The handler below may have been before the message.
                    _ = mailbox.post(.cancel(id))
                }
            }
        } onCancel: {
            _ = mailbox.post(.cancel(id))
        }
    }

    /// The next message of the topic; nil when the connection is over, or the task is cancelled. For one task.
    package func next() async -> MQTTDelivery? {
        guard let (number, message) = await mailbox.nextArrival() else { return nil }
        return MQTTDelivery(message: message) { [mailbox] isHandled in
            _ = mailbox.post(.settle(number, isHandled: isHandled))
        }
    }

    /// Says farewell once what is on its way is confirmed, or its time is over. Messages that came and aren't handled yet
    /// come again.
    package func close() { mailbox.close() }
}

/// A message that came, to be handled. The broker keeps it until it is acknowledged, and sends it again to the next
/// connection of a session that it keeps.
package struct MQTTDelivery: Sendable {
    package let message: MQTTMessage
    private let settle: @Sendable (Bool) -> Void

    init(message: MQTTMessage, settle: @escaping @Sendable (Bool) -> Void) {
        self.message = message
        self.settle = settle
    }

    /// It is done with. Until then no other message is read.
    package func acknowledge() { settle(true) }

    /// It couldn't be handled: the connection ends, and the message comes again with the next.
    package func putBack() { settle(false) }
}
