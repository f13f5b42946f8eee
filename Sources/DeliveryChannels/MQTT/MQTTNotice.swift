import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportLayout

/// What a broker's readers are told of a run: no file, no words of people or stages, and no person or parameter but what
/// the channel lists.
struct MQTTNotice {
    /// The parameters that it may carry.
    let parameters: Set<String>
    let showsRequester: Bool

    /// As JSON, the same for each try.
    func payload(of dispatch: Dispatch) -> Data {
        var notice = ReportNotice.data(of: dispatch)
        // Titles, texts and messages may hold any parameter, and the last lines of a stage anything.
        for member in ["title", "message", "subject", "text", "parameters"] { notice[member] = nil }
        notice["id"] = .string(dispatch.id)
        let listed = dispatch.report.parameters.filter { parameters.contains($0.key) }
        if !listed.isEmpty { notice["parameters"] = .object(listed) }
        if showsRequester, let requester = dispatch.run.requester {
            let known = [("name", requester.name), ("email", requester.email)].compactMap { key, value in
                value.map { (key, JSONValue.string($0)) }
            }
            notice["requester"] = .object(JSONObject(known))
        }
        return Data(JSONValue.object(notice).jsonText)
    }
}
