import ControllerRuntime
import Foundation
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ServiceLifecycle

/// Keeps a ConfigMap `latest-PIPELINE` in each namespace, with the id of the newest report of that pipeline that succeeded.
@main struct LatestReports {
    static func main() async throws {
        let logger = Logger(label: "latest-reports")
        let client = KubernetesClient(
            configuration: try .load(environment: ProcessInfo.processInfo.environment),
            userAgent: "latest-reports/1.0.0", logger: logger)
        let requests = Store<ReportRequest>(indexers: ["pipeline": { [pipeline(of: $0).description] }])
        let queue = WorkQueue<ObjectKey>(name: "latest-reports")
        requests.addHandler { queue.add(pipeline(of: $0.object)) }
        let controller = Controller(name: "latest-reports", queue: queue, stores: [requests], logger: logger) { key in
            let done = requests.indexed(by: "pipeline", value: key.description)
                .filter { $0.status?.phase == .succeeded }
                .map { (at: $0.status?.completedAt ?? Timestamp(seconds: 0), of: $0.metadata) }
            guard let newest = done.max(by: { $0.at < $1.at })?.of else { return .done }
            let manifest = JSONValue.object([
                "apiVersion": .string("v1"), "kind": .string("ConfigMap"),
                "metadata": .object(["name": .string("latest-\(key.name)")]),
                "data": .object(["reportID": .string(newest.uid), "request": .string(newest.name)]),
            ])
            do {
                _ = try await client.patch(
                    ConfigMap.self, name: "latest-\(key.name)", namespace: key.namespace, merge: manifest)
            } catch let error as KubernetesError where error.isNotFound {
                _ = try await client.create(ConfigMap.self, manifest: manifest, namespace: key.namespace)
            }
            return .done
        }
        let watch = Reflector(
            store: requests, source: ClientListerWatcher(client: client), name: "reportrequests", logger: logger)
        let group = ServiceGroup(
            services: [watch, controller], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }

    private static func pipeline(of request: ReportRequest) -> ObjectKey {
        ObjectKey(namespace: request.metadata.namespace, name: request.status?.pipelineName ?? "none")
    }
}
