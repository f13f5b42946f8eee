import FoundationEssentials
import KubernetesModel
import ReportStores

/// What the sender of a message is told on the reply topic.
struct IntakeReply {
    private let members: JSONObject

    init(_ answer: IntakeCreator.Answer) {
        var members: [String: String] = ["outcome": "accepted"]
        // What nobody can have as a name is cut: an answer is small, whatever was sent.
        members["id"] = answer.id?.head(bytes: 253)
        members["namespace"] = answer.namespace?.head(bytes: 253)
        members["uid"] = answer.uid
        if case .rejected(let reason) = answer.verdict {
            members["outcome"] = "refused"
            members["reason"] = reason.head(bytes: 4096)
        }
        self.members = JSONObject(texts: members)
    }

    var payload: Data { Data(JSONValue.object(members).jsonText) }
}
