import Glibc
import NetworkAddresses

/// Makes a connection: finds the broker's addresses, holds each against the rule, and connects to one of them.
struct Connector {
    typealias Instant = ContinuousClock.Instant

    let thread: ConnectionThread

    private var broker: MQTTBroker { thread.broker }

    func connect(until deadline: Instant) throws(MQTTError) -> Mosquitto {
        var tls: TLSContext?
        if let own = broker.tls { tls = try TLSContext(own, host: broker.host) }
        var last = MQTTError(.resolve, "\(broker.host) has no address")
        for address in try addresses(until: deadline) {
            if let obstacle = broker.addressRule.obstacle(to: address.address) {
                last = MQTTError(.addressRefused, obstacle)
                continue
            }
            let result = Result { () throws(MQTTError) in try connect(to: address.text, tls, until: deadline) }
            switch result {
            case .success(let client): return client
            case .failure(let error) where error.code == .connect: last = error
            // The peer that answers is the broker: its other addresses would say the same.
            case .failure(let error): throw error
            }
        }
        throw last
    }

    private func addresses(until deadline: Instant) throws(MQTTError) -> [NameResolution.Address] {
        let resolution = NameResolution(host: broker.host, wakeup: thread.mailbox.wakeup)
        while true {
            switch resolution.answer {
            case .addresses(let addresses): return addresses
            case .failed(let reason): throw MQTTError(.resolve, "\(broker.host): \(reason)")
            case nil: break
            }
            try checkTime(deadline, "to say where \(broker.host) is")
            _ = thread.wait(for: -1, events: 0, until: deadline)
        }
    }

    private func connect(
        to address: String, _ tls: TLSContext?, until deadline: Instant
    ) throws(MQTTError) -> Mosquitto {
        let client = try Mosquitto(
            clientID: thread.options.clientID, keepsSession: thread.options.keepsSession,
            version: thread.options.version, largest: thread.options.largest, tls: tls)
        let failure = client.connect(
            to: address, port: broker.port, user: broker.user, password: broker.password,
            keepAlive: Int(max(broker.keepAlive.components.seconds, 5)))
        if let failure {
            guard !failure.isTLS else { throw ReasonCode.error(failure, of: client, broker: broker) }
            throw MQTTError(.connect, "\(broker): \(failure.words)")
        }
        while thread.wait(for: client.descriptor, events: CShort(POLLOUT), until: deadline) == 0 {
            try checkTime(deadline, "to take the connection")
        }
        let fault = client.connectionFault()
        if client.tls != nil {
            // The first words of the handshake are ours; on a busy machine it may be over by now, and with it the connection.
            try thread.check(client.read(), client)
            if fault == nil { try secure(client, until: deadline) }
        }
        if let fault { throw MQTTError(.connect, "\(broker): \(fault)") }
        while client.answer == nil {
            try checkTime(deadline, "whether it takes us")
            try thread.step(client, until: deadline)
        }
        if let answer = client.answer, answer != 0 { throw ReasonCode.refusal(answer, broker: broker) }
        return client
    }

    private func secure(_ client: Mosquitto, until deadline: Instant) throws(MQTTError) {
        let start = Instant.now
        while client.isHandshaking {
            try checkTime(deadline, "the TLS handshake")
            try thread.step(client, until: deadline)
        }
        // With TLS 1.3 the broker looks at our certificate when the handshake is over for us. What it says of it is lost if
        // we write meanwhile, so it gets the time of a handshake to say something.
        let patience = max(.now - start, .milliseconds(20))
        if thread.wait(for: client.descriptor, events: CShort(POLLIN), until: min(.now + patience, deadline)) != 0 {
            try thread.check(client.read(), client)
        }
    }

    private func checkTime(_ deadline: Instant, _ what: String) throws(MQTTError) {
        if thread.mailbox.isClosing { throw MQTTError(.cancelled, "it was cancelled") }
        guard .now < deadline else { throw MQTTError(.timeout, "\(broker) did not answer in time: \(what)") }
    }
}
