import KubernetesModel
import NetworkAddresses
package import ReportAPI
import ReportLayout
package import ReportRecords

/// What is sent to open a ticket or to close it, and where to.
package struct TicketPost: Hashable, Sendable {
    /// The same for each try, so that a receiver keeps what it has had once.
    package var id: String
    package var method: ReportChannelSpec.Webhook.Ticket.Close.Method
    package var url: String
    /// JSON.
    package var body: [UInt8]
    /// Where the answer has the ticket's id; nil where nobody asks.
    package var answersID: JSONPointer?

    package init(
        id: String, method: ReportChannelSpec.Webhook.Ticket.Close.Method, url: String, body: [UInt8],
        answersID: JSONPointer?
    ) {
        self.id = id
        self.method = method
        self.url = url
        self.body = body
        self.answersID = answersID
    }
}

/// How a channel opens and closes tickets, found to be something that can be sent.
///
/// Only strings of a body hold placeholders, and what they stand for stays within the string, whatever it is.
package struct TicketTemplate: Sendable {
    /// What is wrong, with the field below `webhook.ticket`.
    package struct Faults: Error, Hashable, Sendable {
        package let list: [Fault]
    }

    package struct Fault: Hashable, Sendable {
        package let place: String
        package let message: String
    }

    /// Of one body as it is written, and of an address.
    package static let maximumBytes = 32 << 10

    private let ticket: ReportChannelSpec.Webhook.Ticket
    private let url: String
    private let pointer: JSONPointer?
    private let placeholders: Set<TicketText.Placeholder>

    /// Nil where the channel takes no tickets.
    package init?(_ webhook: ReportChannelSpec.Webhook) throws(Faults) {
        guard let ticket = webhook.ticket else { return nil }
        var reader = Reader()
        reader.body(ticket.open.body, "open.body", isAllowed: Self.isKnownWhenOpened, Self.whenOpened)
        reader.body(ticket.close.body, "close.body", isAllowed: { _ in true }, "\(Self.whenOpened), {endedAt} and {id}")
        if let address = ticket.close.url { reader.address(address, of: webhook.url) }
        pointer = ticket.id.flatMap(JSONPointer.init)
        if let id = ticket.id, pointer == nil {
            reader.faults.append(
                Fault(place: "id", message: "\(FieldFaults.shown(id)) is not a JSON Pointer such as /data/id"))
        }
        if reader.found.contains(.id), ticket.id == nil {
            reader.faults.append(
                Fault(
                    place: "id", message: "is required where {id} is used: where the answer to open has it, such as /id"
                ))
        }
        guard reader.faults.isEmpty else { throw Faults(list: reader.faults) }
        placeholders = reader.found
        self.ticket = ticket
        url = webhook.url
    }

    private static let whenOpened =
        "{label:NAME}, {annotation:NAME}, {namespace}, {trigger}, {fingerprint}, {since}, {key}"

    private static func isKnownWhenOpened(_ placeholder: TicketText.Placeholder) -> Bool {
        placeholder != .id && placeholder != .endedAt
    }

    /// The labels of an alert that are asked for.
    package var labels: Set<String> {
        Set(placeholders.compactMap { if case .label(let name) = $0 { name } else { nil } })
    }

    package var annotations: Set<String> {
        Set(placeholders.compactMap { if case .annotation(let name) = $0 { name } else { nil } })
    }

    /// Whether a ticket can't be closed without the other side's id of it.
    package var needsID: Bool { placeholders.contains(.id) }

    /// What opens the ticket, or closes it, as its state asks.
    package func post(of entry: TicketEntry) -> TicketPost {
        guard entry.state == .closing else {
            return TicketPost(
                id: "\(entry.key)-open", method: .post, url: url, body: Self.body(ticket.open.body, entry),
                answersID: pointer)
        }
        let target = ticket.close.url.map { Self.filled($0) { PercentEncoding.component(Self.value($0, entry)) } }
        return TicketPost(
            id: "\(entry.key)-close", method: ticket.close.method ?? .post, url: target ?? url,
            body: Self.body(ticket.close.body, entry), answersID: nil)
    }

    // MARK: Filling in

    private static func body(_ template: JSONObject, _ entry: TicketEntry) -> [UInt8] {
        filled(.object(template), entry).jsonText
    }

    private static func filled(_ template: JSONValue, _ entry: TicketEntry) -> JSONValue {
        switch template {
        case .string(let text): .string(filled(text) { value($0, entry) })
        case .array(let list): .array(list.map { filled($0, entry) })
        case .object(let members): .object(members.mapValues { filled($0, entry) })
        case .null, .bool, .integer, .number, .decimal: template
        }
    }

    private static func filled(_ text: String, _ value: (TicketText.Placeholder) -> String) -> String {
        // Every text has been read once, and had no fault.
        (try? TicketText(text, list: "") { _ in true })?.filled(value) ?? text
    }

    private static func value(_ placeholder: TicketText.Placeholder, _ entry: TicketEntry) -> String {
        switch placeholder {
        case .label(let name): entry.labels?[name] ?? ""
        case .annotation(let name): entry.annotations?[name] ?? ""
        case .namespace: entry.namespace
        case .trigger: entry.trigger
        case .fingerprint: entry.fingerprint
        case .since: Timestamp(entry.since).description
        case .key: entry.key
        case .endedAt: entry.endedAt.map { Timestamp($0).description } ?? ""
        case .id: entry.ticketID ?? ""
        }
    }

    // MARK: Reading

    /// Gathers placeholders and faults.
    private struct Reader {
        var found: Set<TicketText.Placeholder> = []
        var faults: [Fault] = []

        mutating func body(
            _ body: JSONObject, _ place: String, isAllowed: (TicketText.Placeholder) -> Bool, _ list: String
        ) {
            let bytes = JSONValue.object(body).jsonText.count
            if bytes > TicketTemplate.maximumBytes {
                faults.append(
                    Fault(
                        place: place,
                        message: "is \(bytes) bytes long; at most \(TicketTemplate.maximumBytes) are allowed"))
                return
            }
            read(.object(body), place, isAllowed, list)
        }

        private mutating func read(
            _ value: JSONValue, _ place: String, _ isAllowed: (TicketText.Placeholder) -> Bool, _ list: String
        ) {
            switch value {
            case .string(let text): read(text, place, isAllowed, list)
            case .array(let items):
                for (index, item) in items.enumerated() { read(item, "\(place)[\(index)]", isAllowed, list) }
            case .object(let members):
                for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                    read(member, "\(place).\(name.head(bytes: 80).onOneLine)", isAllowed, list)
                }
            case .null, .bool, .integer, .number, .decimal: break
            }
        }

        private mutating func read(
            _ text: String, _ place: String, _ isAllowed: (TicketText.Placeholder) -> Bool, _ list: String
        ) {
            do throws(TicketText.Fault) {
                found.formUnion(try TicketText(text, list: list, isAllowed: isAllowed).placeholders)
            } catch {
                faults.append(Fault(place: place, message: error.description))
            }
        }

        /// Of the same server, whatever the placeholders stand for.
        mutating func address(_ address: String, of url: String) {
            let before = faults.count
            read(address, "close.url", { $0 == .id || $0 == .key }, "{id} and {key}")
            guard faults.count == before else { return }
            let own = ServerURL(url)
            let isSame = ["x", "y"].allSatisfy { value in
                guard let other = ServerURL(TicketTemplate.filled(address) { _ in value }) else { return false }
                return other.scheme == own?.scheme && other.host == own?.host && other.port == own?.port
            }
            guard !isSame else { return }
            faults.append(
                Fault(
                    place: "close.url",
                    message: "\(FieldFaults.shown(address)) must be on the server of webhook.url: the credentials are "
                        + "for that one"))
        }
    }
}
