import BSON

/// What a report begins with, for people: the same facts as below, told as one would tell them.
enum StoryText {
    /// A line each; what the record doesn't say is left out.
    static func lines(id: String, _ record: BSONDocument) -> [String] {
        var lines: [String] = []
        let requester = record["requester"]?.document
        var people: [String] = []
        if let name = requester?["name"]?.string { people.append(QuotedText.quoted(name)) }
        if let email = requester?["email"]?.string { people.append("<\(QuotedText.quoted(email))>") }
        let by = people.isEmpty ? "" : " by \(people.joined(separator: " "))"
        let on = moment(record["createdAt"]).map { " on \($0)" } ?? ""
        lines.append("The report \(QuotedText.quoted(id)) was asked for\(by)\(on).")
        if let pipeline = record["pipeline"]?.string {
            let place = record["namespace"]?.string.map { " in \(QuotedText.quoted($0))" } ?? ""
            lines.append("Its pipeline is \(QuotedText.quoted(pipeline))\(place).")
        }
        for (name, value) in record["parameters"]?.document ?? [:] {
            guard let value = value.string else { continue }
            lines.append("Its parameter \(QuotedText.quoted(name)) is \(QuotedText.quoted(value)).")
        }
        lines += course(record)
        return lines
    }

    private static func course(_ record: BSONDocument) -> [String] {
        var steps: [String] = []
        if let queued = moment(record["queuedAt"]) { steps.append("queued on \(queued)") }
        if let started = moment(record["startedAt"]) { steps.append("started on \(started)") }
        if let completed = moment(record["completedAt"]) { steps.append("over on \(completed)") }
        var lines = steps.isEmpty ? [] : ["It was \(steps.joined(separator: ", "))."]
        if let phase = record["phase"]?.string {
            let reason = record["reason"]?.string.map { " because of \(QuotedText.quoted($0))" } ?? ""
            lines.append("It is \(QuotedText.quoted(phase))\(reason).")
        }
        return lines
    }

    private static func moment(_ value: BSONValue?) -> String? {
        guard case .date(let milliseconds) = value else { return nil }
        return MomentText.text(milliseconds: milliseconds)
    }
}
