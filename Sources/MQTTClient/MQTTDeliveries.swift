package import AsyncSupport

/// The messages of a topic, each at least once: the broker keeps them while we are away, and each until it is acknowledged.
///
/// It connects when the first is asked for, and again whenever the connection breaks. It ends when its task is cancelled.
/// One message is handled at a time, and no other is read meanwhile.
///
/// For example:
///
///     for await delivery in MQTTDeliveries(of: "plant/requests", from: broker, clientID: "reports-intake") {
///         if await handle(delivery.message) { delivery.acknowledge() } else { delivery.putBack() }
///     }
package struct MQTTDeliveries: AsyncSequence, Sendable {
    package enum Event: Hashable, Sendable {
        case connected
        /// There is no connection, or it is over; it is tried again.
        case failed(MQTTError)
    }

    private let broker: MQTTBroker
    private let options: MQTTConnection.Options
    private let pauses: Backoff
    private let observe: @Sendable (Event) -> Void

    /// `clientID`: under which the broker keeps them, at most 23 characters; of two with the same the later takes all.
    /// `patience`: how long one may take to be handled before it comes again. `largest`: of a payload with more bytes nothing
    /// is kept but their number.
    package init(
        of topic: String, from broker: MQTTBroker, clientID: String, patience: Duration = .seconds(30),
        largest: Int = .max, pauses: Backoff = Backoff(first: .milliseconds(500), longest: .seconds(30)),
        observe: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.broker = broker
        var options = MQTTConnection.Options(clientID: clientID)
        // libmosquitto can't ask for a session that lasts by MQTT 5 without a call that blocks.
        options.version = .three
        options.keepsSession = true
        options.topic = topic
        options.patience = patience
        options.largest = largest
        self.options = options
        self.pauses = pauses
        self.observe = observe
    }

    package func makeAsyncIterator() -> Iterator { Iterator(sequence: self) }

    package struct Iterator: AsyncIteratorProtocol {
        /// How long a connection may take to be made.
        private static let patience: Duration = .seconds(30)

        private let sequence: MQTTDeliveries
        private var delays: Backoff.Delays
        private var connection: MQTTConnection?

        fileprivate init(sequence: MQTTDeliveries) {
            self.sequence = sequence
            delays = sequence.pauses.delays
        }

        package mutating func next() async -> MQTTDelivery? {
            while !Task.isCancelled {
                guard let connection else {
                    await connect()
                    continue
                }
                if let delivery = await connection.next() {
                    delays.reset()
                    return delivery
                }
                self.connection = nil
                guard !Task.isCancelled else { break }
                await pause(after: connection.end ?? MQTTError(.connectionLost, "the connection is over"))
            }
            connection = nil
            return nil
        }

        private mutating func connect() async {
            let opened = await Result { () async throws(MQTTError) in
                try await MQTTConnection.open(sequence.broker, sequence.options, by: .now + Self.patience)
            }
            switch opened {
            case .success(let connection):
                self.connection = connection
                sequence.observe(.connected)
            case .failure(let error): await pause(after: error)
            }
        }

        private mutating func pause(after error: MQTTError) async {
            guard !Task.isCancelled else { return }
            sequence.observe(.failed(error))
            try? await Task.sleep(for: delays.next())
        }
    }
}
