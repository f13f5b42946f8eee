/// What a connection is for.
enum ConnectionRole: Sendable {
    /// Commands of many tasks; it connects when there is one to send.
    case commands
    /// Messages of these channels; it is connected all the time.
    case subscription([String], SubscriptionBuffer)

    var isAlwaysConnected: Bool {
        switch self {
        case .commands: false
        case .subscription: true
        }
    }
}
