import AsyncSupport
import FoundationEssentials
import ReportStores
import Synchronization

/// How many copies go through each channel at once, and how many of one namespace in an hour.
final class ChannelLanes: Sendable {
    /// Copies of one channel that are sent side by side.
    static let width = 4
    private static let hour: TimeInterval = 3600

    private struct Window {
        /// Of the copies that were begun, the oldest first.
        var begun: [Date] = []
    }

    private let lanes = Mutex<[String: FairTurns]>([:])
    private let windows = Mutex<[String: Window]>([:])
    private let ledger: DeliveryLedger

    init(ledger: DeliveryLedger) { self.ledger = ledger }

    func take(_ channel: String, namespace: String) async throws { try await lane(channel).take(for: namespace) }

    func giveBack(_ channel: String) { lane(channel).giveBack() }

    private func lane(_ channel: String) -> FairTurns {
        lanes.withLock { lanes in
            if let lane = lanes[channel] { return lane }
            let lane = FairTurns(Self.width)
            lanes[channel] = lane
            return lane
        }
    }

    /// Counts one more copy of a namespace; nil: it may go now. Otherwise how long it has to wait.
    ///
    /// What a process before this one has begun is asked of the ledger, once.
    func pause(_ channel: String, namespace: String, limit: Int, now: Date) async -> Duration? {
        let key = "\(channel)/\(namespace)"
        if windows.withLock({ $0[key] }) == nil {
            let since = now.addingTimeInterval(-Self.hour)
            // Unless it tells, it can't be known that the limit is kept.
            guard let earlier = try? await ledger.tries(channel: channel, namespace: namespace, since: since) else {
                return .seconds(5)
            }
            windows.withLock { windows in
                // They all count as begun just now: rather too few go out than too many.
                if windows[key] == nil {
                    windows[key] = Window(begun: Array(repeating: now, count: min(earlier, limit)))
                }
            }
        }
        return windows.withLock { windows in
            var window = windows[key] ?? Window()
            window.begun.removeAll { now.timeIntervalSince($0) >= Self.hour }
            defer { windows[key] = window }
            guard window.begun.count < limit else {
                let wait = Self.hour - now.timeIntervalSince(window.begun.first ?? now)
                return .seconds(max(1, min(wait, Self.hour)))
            }
            window.begun.append(now)
            return nil
        }
    }
}
