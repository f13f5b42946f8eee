import DeliveryChannels
import DeliveryPlanning
import KubernetesModel
import ReportAPI
import Synchronization

/// What is between deliveries and their channels: each channel's sender, and whether it was found to work.
final class ChannelDesk: Sendable {
    struct Entry: Sendable {
        /// What the sender was made from; another one is made when it changes.
        var version: String
        var sender: (any ChannelSender)?
        var standing: ObservedDelivery.Standing
        /// What its trial found, where it works.
        var words = ""
        /// In a row.
        var failures = 0
    }

    private let entries = Mutex<[String: Entry]>([:])

    func entry(_ channel: String) -> Entry? { entries.withLock { $0[channel] } }

    func standing(of channel: String) -> ObservedDelivery.Standing { entry(channel)?.standing ?? .untried }

    func sender(for channel: String) -> (any ChannelSender)? { entry(channel)?.sender }

    /// - Returns: whether that is news to those who wait for it.
    @discardableResult
    func set(_ entry: Entry, for channel: String) -> Bool {
        entries.withLock { entries in
            let before = entries[channel]?.standing
            entries[channel] = entry
            return before != entry.standing
        }
    }

    /// A send has failed in a way that others would, too: nothing more goes out before it has been tried.
    ///
    /// - Returns: whether it counted as working until now.
    func doubt(_ channel: String) -> Bool {
        entries.withLock { entries in
            guard entries[channel]?.standing == .works else { return false }
            entries[channel]?.standing = .untried
            return true
        }
    }

    func forget(_ channel: String) { entries.withLock { $0[channel] = nil } }
}
