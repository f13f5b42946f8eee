/// What the caller may in one namespace.
package struct RightsView: Hashable, Sendable, JSONWritable {
    /// Create requests.
    package var ask: Bool
    /// Choose another requester for what she creates.
    package var askForOthers: Bool
    /// Cancel, retry and change requests.
    package var change: Bool
    /// Delete requests.
    package var delete: Bool
    /// Create, change and delete schedules.
    package var schedule: Bool
    /// Create deliveries.
    package var send: Bool
    package var readLogs: Bool

    package static let none = RightsView()

    package init(
        ask: Bool = false, askForOthers: Bool = false, change: Bool = false, delete: Bool = false,
        schedule: Bool = false, send: Bool = false, readLogs: Bool = false
    ) {
        self.ask = ask
        self.askForOthers = askForOthers
        self.change = change
        self.delete = delete
        self.schedule = schedule
        self.send = send
        self.readLogs = readLogs
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("ask", ask)
            $0.member("askForOthers", askForOthers)
            $0.member("change", change)
            $0.member("delete", delete)
            $0.member("schedule", schedule)
            $0.member("send", send)
            $0.member("readLogs", readLogs)
        }
    }
}

/// The same, with the namespace's name.
package struct NamespaceRights: Hashable, Sendable, JSONWritable {
    package var name: String
    package var may: RightsView

    package init(name: String, may: RightsView) {
        self.name = name
        self.may = may
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("may", may)
        }
    }
}
