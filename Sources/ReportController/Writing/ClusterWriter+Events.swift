import AsyncSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import ReportPlanning

extension ClusterWriter {
    /// Makes an event. One of its name tells the same already.
    func tell(_ event: JSONValue, namespace: String) async throws(KubernetesError) {
        let answer = await Result(catching: { () async throws(KubernetesError) in
            try await client.create(Event.self, manifest: event, namespace: namespace)
        })
        if case .failure(let error) = answer, !error.isAlreadyExists { throw error }
    }

    /// The same for a work queue, which comes back to it only where that may help.
    func tellOrGiveUp(_ event: JSONValue, namespace: String) async throws {
        let told = await Result(catching: { () async throws(KubernetesError) in
            try await tell(event, namespace: namespace)
        })
        // Else not worth more: a permission that is missing, a namespace that is going away.
        if case .failure(let error) = told { throw error.isRetryable ? error as any Error : TerminalError(error) }
    }

    /// What the events of an object say last.
    func latestNews(of object: Event.Reference, namespace: String) async throws -> ObservedRun.Obstacle.News {
        let selector =
            object.uid.map { "involvedObject.uid=\($0)" }
            ?? "involvedObject.kind=\(object.kind ?? ""),involvedObject.name=\(object.name ?? "")"
        // Anybody who may write events may write many: only the last one is kept, and not all are asked for.
        var last: Event?
        _ = try await client.listAll(
            Event.self, namespace: namespace, fieldSelector: selector, maximumPages: 10
        ) { event in
            guard ObservedRun.Obstacle.News.counts(event, of: object) else { return nil as Never? }
            let known = last?.metadata.resourceVersion
            if known.map({ ResourceVersion.isOlder($0, than: event.metadata.resourceVersion) }) ?? true { last = event }
            return nil
        }
        return .latest(of: object, among: last.map { [$0] } ?? [])
    }
}
