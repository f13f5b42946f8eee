import ControllerRuntime
import KubernetesClient
import KubernetesModel
import ReportPlanning

extension ClusterWriter {
    /// What the events of an object say last.
    func latestNews(of object: Event.Reference, namespace: String) async throws -> ObservedRun.Obstacle.News {
        let selector =
            object.uid.map { "involvedObject.uid=\($0)" }
            ?? "involvedObject.kind=\(object.kind ?? ""),involvedObject.name=\(object.name ?? "")"
        let options = ListOptions(fieldSelector: selector, limit: 500)
        let events = try await client.list(Event.self, namespace: namespace, options: options).items
        return .latest(of: object, among: events)
    }
}
