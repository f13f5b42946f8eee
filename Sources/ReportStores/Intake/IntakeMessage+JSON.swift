package import FoundationEssentials
import JSONReading
import KubernetesModel

extension IntakeMessage {
    /// Of a JSON object that came through a broker, its members named as the stream's fields. Where the stream has JSON in
    /// text, it may have the value itself, and a list in place of words with commas between.
    ///
    /// `bytes`: of the whole message, of which `json` is what was kept.
    package init(json: Data, bytes: Int) throws(IntakeFault) {
        guard bytes <= Self.maximumBytes else {
            throw IntakeFault("the message has \(bytes) bytes; at most \(Self.maximumBytes) are allowed")
        }
        let members: JSONObject
        do {
            members = try JSONReader().decode(JSONObject.self, from: json)
        } catch {
            throw IntakeFault(
                "the message is not a JSON object such as {\"id\": \"tb-2026-10\", \"namespace\": \"finance\", "
                    + "\"pipeline\": \"trial-balance\"}")
        }
        guard members.count <= Self.maximumFields else {
            throw IntakeFault("the message has \(members.count) members; at most \(Self.maximumFields) are allowed")
        }
        var fields: [Field] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) where value != .null {
            fields.append(Field(name, Self.text(value, name)))
        }
        self.init(entry: "", fields: fields)
        source = .mqtt
    }

    private static func text(_ value: JSONValue, _ name: String) -> String {
        if let text = value.string { return text }
        if name == "formats", let list = value.array {
            let words = list.compactMap(\.string)
            if words.count == list.count { return words.joined(separator: ",") }
        }
        return String(decoding: value.jsonText, as: UTF8.self)
    }
}
