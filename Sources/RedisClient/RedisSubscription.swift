import AsyncSupport
package import Logging

/// The messages of some channels, over a connection of its own that is kept up as long as the subscription exists.
///
/// Redis keeps no message for one who isn't there: after every `reconnected`, which is also the first element, the
/// reader may have missed something and looks for itself. It can be read once, by one task; cancelling that ends it.
package final class RedisSubscription: AsyncSequence, Sendable {
    package enum Element: Sendable, Hashable {
        /// From here on messages arrive; some before this may have been missed.
        case reconnected
        case message(channel: String, payload: [UInt8])
    }

    private let buffer: SubscriptionBuffer
    private let mailbox: ConnectionMailbox

    /// Prepares it; the connection is made when reading begins. At most `limit` messages may wait to be read; after
    /// that they are dropped for a `reconnected`.
    package init(
        _ configuration: RedisConfiguration, channels: [String], limit: Int = 4096, logger: Logger
    ) {
        let buffer = SubscriptionBuffer(limit: limit)
        self.buffer = buffer
        mailbox = ConnectionMailbox { mailbox, wakeup in
            NativeThread.start(named: "redis") {
                ConnectionLoop(
                    mailbox: mailbox, configuration: configuration, role: .subscription(channels, buffer),
                    wakeup: wakeup, logger: logger
                ).run()
            }
        }
    }

    deinit { close() }

    /// Ends the connection and the sequence.
    package func close() {
        mailbox.close()
        buffer.finish()
    }

    package func makeAsyncIterator() -> Iterator { Iterator(subscription: self) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let subscription: RedisSubscription

        package mutating func next() async -> Element? {
            subscription.mailbox.startOrWake()
            return await subscription.buffer.next()
        }
    }
}
