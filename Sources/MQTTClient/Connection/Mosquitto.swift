internal import CMosquitto
import FoundationEssentials
import Glibc

/// Owns one libmosquitto client for one connection; what comes waits in it to be taken. Used by one thread.
///
/// - Nothing is written but by `write()`: the library is told that there are threads, and then only queues what is to go
///   out, acknowledgements included. So a message is acknowledged when we say so, and never if we let the client go.
/// - The library keeps a message that it couldn't send, and sends it at the next connection. There is none: each
///   connection has a client of its own, and what isn't confirmed is ours to repeat.
final class Mosquitto {
    /// The library's number for what went wrong, and the system's where it has one.
    struct Fault: Error {
        let code: CInt
        let number: CInt

        var words: String {
            UInt32(code) == MOSQ_ERR_ERRNO.rawValue && number != 0
                ? String(cString: strerror(number)) : String(cString: mosquitto_strerror(code))
        }

        var isTooLarge: Bool {
            UInt32(code) == MOSQ_ERR_OVERSIZE_PACKET.rawValue || UInt32(code) == MOSQ_ERR_PAYLOAD_SIZE.rawValue
        }

        var isConnectionGone: Bool { UInt32(code) == MOSQ_ERR_NO_CONN.rawValue }

        var isTLS: Bool { UInt32(code) == MOSQ_ERR_TLS.rawValue }
    }

    private let raw: OpaquePointer
    /// The broker's callbacks may come until the client is gone.
    let tls: TLSContext?
    /// The broker's answer to our connecting, 0 for yes.
    private(set) var answer: CInt?
    /// What we sent and the broker has answered: numbers of messages and MQTT's reasons, 0 for taken.
    private var answers: [(number: CInt, reason: CInt)] = []
    /// Whether the broker refused a subscription.
    private(set) var isSubscriptionRefused = false
    private var arrived: [MQTTMessage] = []
    private let largest: Int
    /// Why the broker says that it ends the connection, as MQTT 5 numbers it.
    private(set) var farewell: CInt?
    /// What the library said last of an error of OpenSSL.
    private(set) var words: String?

    private static let isReady = mosquitto_lib_init() == CInt(MOSQ_ERR_SUCCESS.rawValue)

    init(clientID: String, keepsSession: Bool, version: MQTTVersion, largest: Int, tls: TLSContext?) throws(MQTTError) {
        guard Self.isReady, let raw = mosquitto_new(clientID, !keepsSession, nil) else {
            throw MQTTError(.configuration, "libmosquitto can't be used: \(String(cString: strerror(errno)))")
        }
        self.raw = raw
        self.tls = tls
        self.largest = largest
        mosquitto_user_data_set(raw, Unmanaged.passUnretained(self).toOpaque())
        mosquitto_threaded_set(raw, true)
        mosquitto_int_option(raw, MOSQ_OPT_PROTOCOL_VERSION, version == .five ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311)
        if let tls {
            tls.start()
            // As it is: the library would put its own rules into it.
            mosquitto_int_option(raw, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0)
            mosquitto_void_option(raw, MOSQ_OPT_SSL_CTX, UnsafeMutableRawPointer(tls.raw))
        }
        setCallbacks()
    }

    // Closes the connection without sending what waits.
    deinit { mosquitto_destroy(raw) }

    private func setCallbacks() {
        mosquitto_connect_v5_callback_set(raw) { _, me, reason, _, _ in Mosquitto.at(me)?.answer = reason }
        mosquitto_publish_v5_callback_set(raw) { _, me, number, reason, _ in
            Mosquitto.at(me)?.answers.append((number, reason))
        }
        mosquitto_disconnect_v5_callback_set(raw) { _, me, reason, _ in
            // What is less is the library's own.
            if reason >= 0x80 { Mosquitto.at(me)?.farewell = reason }
        }
        mosquitto_subscribe_callback_set(raw) { _, me, _, count, granted in
            let isRefused = (0..<Int(count)).contains { granted?[$0] ?? 0x80 >= 0x80 }
            if isRefused { Mosquitto.at(me)?.isSubscriptionRefused = true }
        }
        mosquitto_message_callback_set(raw) { _, me, message in
            guard let me = Mosquitto.at(me), let message = message?.pointee, let topic = message.topic else { return }
            let count = Int(message.payloadlen)
            let payload = count > me.largest ? nil : message.payload.map { Data(bytes: $0, count: count) }
            var arrival = MQTTMessage(
                topic: String(cString: topic), payload: payload ?? Data(), isRetained: message.retain,
                qualityOfService: Int(message.qos))
            arrival.bytes = count
            me.arrived.append(arrival)
        }
        mosquitto_log_callback_set(raw) { _, me, _, text in
            guard let text, let me = Mosquitto.at(me) else { return }
            let line = String(cString: text)
            guard line.hasPrefix("OpenSSL Error") else { return }
            // `OpenSSL Error[0]: error:0A00045C:SSL routines::tlsv13 alert certificate required`
            me.words = line.split(separator: ":").last.map(String.init)
        }
    }

    private static func at(_ pointer: UnsafeMutableRawPointer?) -> Mosquitto? {
        pointer.map { Unmanaged<Mosquitto>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: Connecting

    /// Begins to connect, to an address.
    func connect(to address: String, port: Int, user: String?, password: String?, keepAlive: Int) -> Fault? {
        if let user, let fault = fault(mosquitto_username_pw_set(raw, user, password)) { return fault }
        return fault(mosquitto_connect_bind_async(raw, address, CInt(port), CInt(keepAlive), nil))
    }

    /// -1 where there is none any more.
    var descriptor: CInt { mosquitto_socket(raw) }

    /// What became of the connection once it is writable, before anything was said; nil if it is established.
    func connectionFault() -> String? {
        let number = cmosquitto_socket_error(descriptor)
        if number == 0 { cmosquitto_tune_tcp(descriptor) }
        return number == 0 ? nil : String(cString: strerror(number))
    }

    /// Whether TLS isn't settled yet.
    var isHandshaking: Bool { tls.map { !$0.isHandshakeDone } ?? false }

    // MARK: Moving bytes

    var wantsWrite: Bool { mosquitto_want_write(raw) }

    func read() -> Fault? { fault(mosquitto_loop_read(raw, 1)) }

    func write() -> Fault? { fault(mosquitto_loop_write(raw, 64)) }

    /// Says that we are still there, or finds that the broker isn't.
    func tick() -> Fault? { fault(mosquitto_loop_misc(raw)) }

    // MARK: Saying something

    /// Queues a message with QoS 1. Returns its number.
    func publish(_ topic: String, _ payload: Data, retain: Bool) -> Result<CInt, Fault> {
        var number: CInt = 0
        let code = payload.withUnsafeBytes { bytes in
            mosquitto_publish(raw, &number, topic, CInt(clamping: bytes.count), bytes.baseAddress, 1, retain)
        }
        return fault(code).map { .failure($0) } ?? .success(number)
    }

    func subscribe(_ topic: String) -> Fault? { fault(mosquitto_subscribe(raw, nil, topic, 1)) }

    func disconnect() -> Fault? { fault(mosquitto_disconnect(raw)) }

    // MARK: What came

    func takeAnswers() -> [(number: CInt, reason: CInt)] {
        defer { answers = [] }
        return answers
    }

    func takeMessages() -> [MQTTMessage] {
        defer { arrived = [] }
        return arrived
    }

    private func fault(_ code: CInt) -> Fault? {
        let number = errno
        // -1: the connection is being made.
        return code > 0 ? Fault(code: code, number: number) : nil
    }
}

/// Of the protocol.
package enum MQTTVersion: Hashable, Sendable {
    /// 3.1.1
    case three
    /// 5, whose answers say whether a message was allowed.
    case five
}
