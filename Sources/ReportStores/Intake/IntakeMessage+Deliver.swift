import JSONReading
import KubernetesModel
import ReportAPI

/// Where a report that a message asks for is to go.
extension IntakeMessage {
    private static let members = [
        "channel", "to", "cc", "replyTo", "formats", "when", "unless", "only", "attach", "fileName", "subject", "text",
    ]
    /// What would let anybody who can write to the stream send any text to anybody.
    private static let restricted = ["to", "cc", "replyTo", "subject", "text"]

    /// A JSON list of channels' names, or of entries as in `spec.deliver`.
    static func deliver(_ text: String, _ allowsRecipients: Bool) throws(IntakeFault) -> [JSONValue] {
        guard let list = try? JSONReader().decode([JSONValue].self, from: text) else {
            throw IntakeFault(
                "deliver: \(brief(text)) is not a JSON list of channels such as [\"archive\"] or [{\"channel\": \"mail\"}]"
            )
        }
        var entries: [JSONValue] = []
        for (index, value) in list.enumerated() {
            switch value {
            case .string(let channel): entries.append(.strings(["channel": channel]))
            case .object: entries.append(value)
            default: throw IntakeFault("deliver[\(index)]: is neither a channel's name nor an object with channel")
            }
        }
        try checkEntries(entries, field: "deliver", allowsRecipients)
        do {
            _ = try JSONReader().decode([DeliverSpec].self, from: JSONValue.array(entries).jsonText)
        } catch let error as DecodingError {
            throw IntakeFault("deliver\(error.sentence)")
        } catch {
            throw IntakeFault("deliver: \(error)")
        }
        return entries
    }

    static func checkEntries(
        _ entries: [JSONValue], field: String, _ allowsRecipients: Bool
    ) throws(IntakeFault) {
        for (index, entry) in entries.enumerated() {
            let given = (entry.object ?? [:]).keys.sorted()
            // The API server would drop them without a word.
            if let unknown = given.first(where: { !Self.members.contains($0) }) {
                throw IntakeFault(
                    "\(field)[\(index)].\(brief(unknown)): is unknown; known are \(Self.members.joined(separator: ", "))"
                )
            }
            guard !allowsRecipients, let refused = given.first(where: restricted.contains) else { continue }
            throw IntakeFault(
                "\(field)[\(index)].\(refused): a message may name channels, and neither recipients nor texts; leave it out",
                option: "--intake-recipients")
        }
    }
}
