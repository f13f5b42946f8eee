import FoundationEssentials
import Glibc

/// One connection from its first byte to its last, on a thread of its own.
final class ConnectionThread {
    typealias Instant = ContinuousClock.Instant

    /// How many messages the broker may have without having confirmed them; the others wait with us.
    static let window = 16
    /// How long a farewell may take.
    private static let farewell: Duration = .seconds(2)

    let broker: MQTTBroker
    let options: MQTTConnection.Options
    let mailbox: ConnectionMailbox
    /// Messages that wait for their turn.
    private var line: [PendingMessage] = []
    /// By libmosquitto's number.
    private var onWay: [CInt: PendingMessage] = [:]
    /// Messages that came and aren't handled yet, since when the oldest waits.
    private var unhandled: Set<UInt64> = []
    private var holdsSince: Instant?
    private var lastArrival: UInt64 = 0
    private var lastWork: Instant = .now

    init(broker: MQTTBroker, options: MQTTConnection.Options, mailbox: ConnectionMailbox) {
        self.broker = broker
        self.options = options
        self.mailbox = mailbox
    }

    func run(until deadline: Instant) {
        let result = Result { () throws(MQTTError) in try live(connectingUntil: deadline) }
        let error =
            switch result {
            case .success: MQTTError(.closed, "the connection to \(broker) was closed")
            case .failure(let error): error
            }
        take(mailbox.end(error))
        for message in line { message.done.resume(returning: .unsent(error)) }
        for message in onWay.values { message.done.resume(returning: .uncertain(error)) }
        (line, onWay) = ([], [:])
    }

    /// Returns when we have said farewell.
    private func live(connectingUntil deadline: Instant) throws(MQTTError) {
        let client = try Connector(thread: self).connect(until: deadline)
        lastWork = .now
        if let topic = options.topic { try check(client.subscribe(topic), client) }
        mailbox.open(.success(()))
        while try serve(client) {}
        _ = client.disconnect()
        let end = Instant.now + Self.farewell
        while client.descriptor >= 0, .now < end {
            guard (try? step(client, until: end)) != nil else { return }
        }
    }

    // MARK: Serving

    /// One turn; false when it is time to go.
    private func serve(_ client: Mosquitto) throws(MQTTError) -> Bool {
        let (commands, isClosing) = mailbox.take()
        try settle(take(commands))
        expire()
        guard unhandled.isEmpty else {
            // Nothing is written, and so nothing acknowledged, nor anything read, before these are handled.
            guard !isClosing else { throw MQTTError(.closed, "closed before its messages were handled") }
            let limit = (holdsSince ?? .now) + options.patience
            guard .now < limit else {
                throw MQTTError(.timeout, "a message wasn't handled within \(options.patience)")
            }
            _ = wait(for: -1, events: 0, until: limit)
            return true
        }
        if isClosing, line.isEmpty, onWay.isEmpty { return false }
        begin(client)
        if line.isEmpty, onWay.isEmpty {
            if let linger = options.linger, .now >= lastWork + linger { return false }
        } else {
            lastWork = .now
        }
        try step(client, until: nextTurn)
        receive(from: client)
        return true
    }

    private var nextTurn: Instant {
        let deadlines = (line + onWay.values).map(\.deadline)
        let idle = deadlines.isEmpty ? options.linger.map { lastWork + $0 } : nil
        // As often as the library has to look whether the broker is still there.
        return (deadlines + [.now + broker.keepAlive / 4] + (idle.map { [$0] } ?? [])).min() ?? .now
    }

    /// What was handled or not. Messages and cancellations are dealt with.
    @discardableResult
    private func take(_ commands: [ConnectionMailbox.Command]) -> [(number: UInt64, isHandled: Bool)] {
        var settled: [(number: UInt64, isHandled: Bool)] = []
        for command in commands {
            switch command {
            case .publish(let message): line.append(message)
            case .cancel(let id): give(up: MQTTError(.cancelled, "it was cancelled")) { $0.id == id }
            case .settle(let number, let isHandled): settled.append((number, isHandled))
            }
        }
        return settled
    }

    private func settle(_ settled: [(number: UInt64, isHandled: Bool)]) throws(MQTTError) {
        for (number, isHandled) in settled where unhandled.contains(number) {
            guard isHandled else { throw MQTTError(.closed, "a message was put back") }
            unhandled.remove(number)
        }
        if unhandled.isEmpty { holdsSince = nil }
    }

    private func expire() {
        let now = Instant.now
        give(up: MQTTError(.timeout, "\(broker) did not confirm it in time")) { $0.deadline <= now }
    }

    private func give(up error: MQTTError, where condition: (PendingMessage) -> Bool) {
        for message in line where condition(message) { message.done.resume(returning: .unsent(error)) }
        line.removeAll(where: condition)
        for (number, message) in onWay where condition(message) {
            onWay[number] = nil
            message.done.resume(returning: .uncertain(error))
        }
    }

    /// Hands over what may go out.
    private func begin(_ client: Mosquitto) {
        while onWay.count < Self.window, !line.isEmpty {
            let message = line.removeFirst()
            guard message.mayBegin() else {
                message.done.resume(returning: .unsent(MQTTError(.stopped, "it was stopped before it was sent")))
                continue
            }
            switch client.publish(message.topic, message.payload, retain: message.retain) {
            case .success(let number): onWay[number] = message
            // The library has it in its own line, which goes with the client.
            case .failure(let fault) where fault.isConnectionGone:
                message.done.resume(returning: .unsent(MQTTError(.connectionLost, "\(broker): \(fault.words)")))
            case .failure(let fault):
                let what = fault.isTooLarge ? "\(message.payload.count) bytes are too many" : fault.words
                message.done.resume(returning: .unsent(MQTTError(.message, "\(broker) takes no such message: \(what)")))
            }
        }
    }

    private func receive(from client: Mosquitto) {
        for (number, reason) in client.takeAnswers() {
            guard let message = onWay.removeValue(forKey: number) else { continue }
            message.done.resume(returning: ReasonCode.publication(reason, topic: message.topic, broker: broker))
        }
        for message in client.takeMessages() {
            lastArrival += 1
            unhandled.insert(lastArrival)
            if holdsSince == nil { holdsSince = .now }
            mailbox.deliver((lastArrival, message))
        }
    }

    // MARK: Moving bytes

    /// Waits for the socket, or for mail, and moves what there is.
    func step(_ client: Mosquitto, until deadline: Instant) throws(MQTTError) {
        var events = CShort(POLLIN)
        // The library wants to write all the while that the handshake lasts, which is moved by reading.
        if !client.isHandshaking, client.wantsWrite { events |= CShort(POLLOUT) }
        let ready = wait(for: client.descriptor, events: events, until: deadline)
        let isHandshaking = client.isHandshaking
        if ready & CShort(POLLOUT) != 0 {
            try check(client.write(), client)
        }
        if ready & CShort(POLLIN | POLLHUP | POLLERR) != 0 {
            try check(client.read(), client)
        }
        if isHandshaking, client.isHandshaking, ready & CShort(POLLHUP | POLLERR) != 0 {
            throw MQTTError(.connectionLost, "\(broker) closed the connection during the TLS handshake")
        }
        if client.isSubscriptionRefused {
            throw MQTTError(
                .topicRefused, "\(broker) lets \(broker.who) not subscribe to \(options.topic ?? ""); allow it there")
        }
        guard client.descriptor >= 0 else { throw ReasonCode.farewell(of: client, broker: broker) }
        try check(client.tick(), client)
    }

    /// What the socket is ready for; 0 where mail came or time is up.
    func wait(for descriptor: CInt, events: CShort, until deadline: Instant) -> CShort {
        var entries = [
            pollfd(fd: mailbox.wakeup.descriptor, events: CShort(POLLIN), revents: 0),
            // -1 is left out by poll itself.
            pollfd(fd: descriptor, events: events, revents: 0),
        ]
        let left = max(deadline - .now, .zero)
        let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
        guard poll(&entries, 2, CInt(clamping: milliseconds + 1)) > 0 else { return 0 }
        if entries[0].revents != 0 { mailbox.wakeup.reset() }
        return entries[1].revents
    }

    func check(_ fault: Mosquitto.Fault?, _ client: Mosquitto) throws(MQTTError) {
        if let fault { throw ReasonCode.error(fault, of: client, broker: broker) }
    }
}

extension MQTTBroker {
    /// The name that the broker knows us by.
    var who: String { user.map { "user \($0)" } ?? "a client without a user" }
}
