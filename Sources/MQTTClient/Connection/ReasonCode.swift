internal import CMosquitto

/// What numbers of MQTT and of libmosquitto mean, in words.
enum ReasonCode {
    /// Why a broker takes no connection: the numbers of MQTT 3.1.1 and of MQTT 5.
    static func refusal(_ code: CInt, broker: MQTTBroker) -> MQTTError {
        let says = "\(broker) refuses \(broker.who)"
        switch code {
        case 1, 0x84: return MQTTError(.refused(code), "\(broker) doesn't speak this version of MQTT")
        case 2, 0x85: return MQTTError(.refused(code), "\(broker) doesn't take our client identifier")
        case 3, 0x88, 0x89, 0x97, 0x9F: return MQTTError(.busy, "\(broker) takes no connections now")
        case 4, 0x86: return MQTTError(.credentials, "\(says): bad user name or password")
        case 5, 0x87, 0x8C:
            let why = broker.user == nil ? "it wants a user" : "not authorised, which mostly is a wrong password"
            return MQTTError(.credentials, "\(says): \(why)")
        case 0x8A: return MQTTError(.credentials, "\(says): banned")
        default: return MQTTError(.refused(code), "\(says) with reason \(code): \(words(code))")
        }
    }

    /// What the broker's answer to a message means.
    static func publication(_ reason: CInt, topic: String, broker: MQTTBroker) -> MQTTPublication {
        switch reason {
        // 0x10: nobody has subscribed to it.
        case ..<0x80: .confirmed
        case 0x87:
            .unsent(MQTTError(.topicRefused, "\(broker) lets \(broker.who) not publish to \(topic); allow it there"))
        case 0x97: .unsent(MQTTError(.busy, "\(broker) takes no more for \(topic): a quota is used up"))
        case 0x90, 0x95, 0x99:
            .unsent(MQTTError(.message, "\(broker) doesn't take the message for \(topic): \(words(reason))"))
        default: .unsent(MQTTError(.busy, "\(broker) didn't take the message for \(topic): \(words(reason))"))
        }
    }

    /// What a fault of the library means for the connection.
    static func error(_ fault: Mosquitto.Fault, of client: Mosquitto, broker: MQTTBroker) -> MQTTError {
        if let answer = client.answer, answer != 0 { return refusal(answer, broker: broker) }
        if let fault = client.tls?.certificateFault {
            return MQTTError(.certificate, "the certificate of \(broker) isn't trusted: \(fault)")
        }
        if let words = client.words {
            let isOurs = clientAlerts.contains { words.contains($0) }
            return isOurs
                ? MQTTError(.clientCertificate, "\(broker) doesn't take our certificate: \(words)")
                : MQTTError(.tls, "no secure connection to \(broker): \(words)")
        }
        if client.isHandshaking { return MQTTError(.tls, "no secure connection to \(broker): \(fault.words)") }
        return MQTTError(.connectionLost, "the connection to \(broker) broke: \(fault.words)")
    }

    /// Why the broker has ended the connection.
    static func farewell(of client: Mosquitto, broker: MQTTBroker) -> MQTTError {
        switch client.farewell {
        case nil: MQTTError(.connectionLost, "\(broker) closed the connection")
        case 0x8E:
            MQTTError(.connectionLost, "\(broker) closed the connection: another client has come by our identifier")
        case let reason?: MQTTError(.connectionLost, "\(broker) closed the connection: \(words(reason))")
        }
    }

    private static func words(_ code: CInt) -> String { String(cString: mosquitto_reason_string(code)) }

    /// As OpenSSL writes what the broker says of our certificate.
    private static let clientAlerts = [
        "alert certificate required", "alert bad certificate", "alert unknown ca", "alert certificate expired",
        "alert certificate unknown", "alert certificate revoked", "alert access denied", "alert handshake failure",
    ]
}
