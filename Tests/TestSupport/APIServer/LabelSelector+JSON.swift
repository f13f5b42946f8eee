package import KubernetesModel

extension LabelSelector {
    package func selects(_ object: JSONValue) -> Bool {
        matches((object["metadata"]?["labels"]?.object ?? [:]).compactMapValues(\.string))
    }

    /// As a server reads one.
    init?(query: [String: String]) throws(APIRefusal) {
        guard let text = query["labelSelector"] else { return nil }
        do throws(Fault) {
            self = try LabelSelector(text)
        } catch {
            throw APIRefusal(400, "BadRequest", "unable to parse requirement: \(error)")
        }
    }
}
