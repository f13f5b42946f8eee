package import AsyncSupport
package import FoundationEssentials
import Synchronization

/// Sends messages to one broker, over a connection that is made when there is something to send and closed when there is
/// nothing for a while.
///
/// For example:
///
///     let client = MQTTClient(to: MQTTBroker(host: "mqtt.example.com", port: 8883, tls: .init()))
///     switch await client.publish("plant/north/reports", payload, by: .now + .seconds(60)) {
///     case .confirmed: …
///     }
package final class MQTTClient: Sendable {
    private struct State {
        var connection: MQTTConnection?
        var opening: Opening?
        var version = MQTTVersion.five
    }

    /// A connection that is being made, for all who want it.
    private final class Opening: Sendable {
        let gate = Gate()
        let result = Mutex<Result<MQTTConnection, MQTTError>?>(nil)
    }

    package let broker: MQTTBroker
    private let linger: Duration
    private let pauses: Backoff
    private let state = Mutex(State())

    /// How long a connection may take to be made.
    private static let patience: Duration = .seconds(30)

    package init(
        to broker: MQTTBroker, linger: Duration = .seconds(10),
        pauses: Backoff = Backoff(first: .milliseconds(250), longest: .seconds(4))
    ) {
        self.broker = broker
        self.linger = linger
        self.pauses = pauses
    }

    deinit { state.withLock { $0.connection?.close() } }

    /// Sends a message with QoS 1.
    ///
    /// Where there is no connection to be had, it says so at once. A message that was on its way when the connection broke
    /// is sent again until the deadline, so that it may arrive twice: a reader has to recognise it by what it holds.
    ///
    /// `mayBegin` is asked each time just before it goes out, on another thread; false stops it.
    package func publish(
        _ topic: String, _ payload: Data, retain: Bool = false, by deadline: ContinuousClock.Instant,
        mayBegin: @escaping @Sendable () -> Bool = { true }
    ) async -> MQTTPublication {
        var delays = pauses.delays
        var wasConnected = false
        var doubt: MQTTError?
        while true {
            let error: MQTTError
            switch await connection(by: deadline) {
            case .failure(let failure):
                guard wasConnected else { return .unsent(failure) }
                error = failure
            case .success(let connection):
                wasConnected = true
                switch await connection.publish(topic, payload, retain: retain, by: deadline, mayBegin: mayBegin) {
                case .confirmed: return .confirmed
                case .unsent(let failure): error = failure
                case .uncertain(let failure):
                    error = failure
                    doubt = failure
                }
            }
            guard error.isBroken, !Task.isCancelled, await Self.sleep(delays.next(), until: deadline) else {
                return doubt.map { .uncertain($0) } ?? .unsent(error)
            }
        }
    }

    /// Connects, and says farewell: throws where no message could be sent.
    package func check(by deadline: ContinuousClock.Instant) async throws(MQTTError) {
        try await connection(by: deadline).get().close()
    }

    /// False where there is no time left for it.
    private static func sleep(_ pause: Duration, until deadline: ContinuousClock.Instant) async -> Bool {
        let wake = ContinuousClock.now + pause
        guard wake < deadline else { return false }
        return (try? await Task.sleep(until: wake, clock: .continuous)) != nil
    }

    // MARK: The connection

    private func connection(by deadline: ContinuousClock.Instant) async -> Result<MQTTConnection, MQTTError> {
        let (ready, opening, isOurs) = state.withLock { state -> (MQTTConnection?, Opening, Bool) in
            let opening = state.opening ?? Opening()
            if let connection = state.connection, connection.isOpen { return (connection, opening, false) }
            defer { state.opening = opening }
            return (nil, opening, state.opening == nil)
        }
        if let ready { return .success(ready) }
        if isOurs {
            // It goes on for the others where this task is cancelled.
            Task { [self] in
                let result = await open()
                state.withLock { state in
                    state.opening = nil
                    if case .success(let connection) = result { state.connection = connection }
                }
                opening.result.withLock { $0 = result }
                opening.gate.open()
            }
        }
        await withTaskGroup { group in
            group.addTask { try? await opening.gate.wait() }
            group.addTask { try? await Task.sleep(until: deadline, clock: .continuous) }
            await group.next()
            group.cancelAll()
        }
        return opening.result.withLock { $0 }
            ?? .failure(
                Task.isCancelled
                    ? MQTTError(.cancelled, "it was cancelled")
                    : MQTTError(.timeout, "\(broker) did not take the connection in time"))
    }

    /// By MQTT 5, or by 3.1.1 where the broker knows nothing newer.
    private func open() async -> Result<MQTTConnection, MQTTError> {
        let deadline = ContinuousClock.now + Self.patience
        let version = state.withLock { $0.version }
        let first = await open(version, by: deadline)
        guard version == .five, case .failure(let error) = first else { return first }
        switch error.code {
        // Old brokers say so, or go without a word.
        case .refused(1), .refused(0x84), .connectionLost:
            let second = await open(.three, by: deadline)
            guard case .success = second else { return first }
            state.withLock { $0.version = .three }
            return second
        default: return first
        }
    }

    private func open(
        _ version: MQTTVersion, by deadline: ContinuousClock.Instant
    ) async -> Result<MQTTConnection, MQTTError> {
        var options = MQTTConnection.Options(clientID: Self.newClientID())
        options.version = version
        options.linger = linger
        return await Result { () async throws(MQTTError) in
            try await MQTTConnection.open(broker, options, by: deadline)
        }
    }

    /// Of 23 characters, as every broker takes it.
    private static func newClientID() -> String {
        let digits = String(UInt64.random(in: 0 ... .max), radix: 36)
        return "reports-" + digits
    }
}

extension MQTTError {
    /// Whether another connection may do what this one didn't.
    fileprivate var isBroken: Bool {
        switch code {
        case .resolve, .connect, .tls, .connectionLost, .timeout, .closed: true
        default: false
        }
    }
}
