import Synchronization

/// The state of the channels' intakes, for their conditions.
final class IntakeStandings: Sendable {
    enum Standing: Hashable, Sendable {
        case connecting
        case reading
        /// In words for people; `mayPass` where nobody has to mend anything.
        case failed(String, mayPass: Bool)
        /// A message can be neither made a request nor answered, whatever the connection.
        case stuck(String, mayPass: Bool)
    }

    private let all = Mutex<[String: Standing]>([:])
    /// Has a channel looked at.
    private let changed: @Sendable (_ channel: String) -> Void

    init(changed: @escaping @Sendable (_ channel: String) -> Void) { self.changed = changed }

    func standing(of channel: String) -> Standing? { all.withLock { $0[channel] } }

    func set(_ standing: Standing?, for channel: String) {
        let before = all.withLock { all in
            let before = all[channel]
            all[channel] = standing
            return before
        }
        if before != standing { changed(channel) }
    }

    /// How many read, and how many can't.
    func count(_ isCounted: (Standing) -> Bool) -> Int { all.withLock { $0.values.count(where: isCounted) } }
}
