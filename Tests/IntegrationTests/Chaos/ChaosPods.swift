import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Synchronization
import TestSupport

/// Plays the kubelet, and counts which reports have pods that run at once.
final class ChaosPods: Sendable {
    private let bed: DeliveryBed
    private let load: ChaosLoad
    private let excess = Mutex<[String]>([])

    init(_ bed: DeliveryBed, _ load: ChaosLoad) { (self.bed, self.load) = (bed, load) }

    /// When more reports of a pipeline had pods than it lets run.
    var tooMany: [String] { excess.withLock { $0 } }

    func run() async {
        let kubelet = Kubelet(client: bed.cluster.client, namespace: bed.namespace) { _ in .runs }
        while !Task.isCancelled {
            do {
                let pods = try await bed.cluster.client.list(Pod.self, namespace: bed.namespace).items
                    .filter { !$0.hasEnded }
                count(pods)
                for pod in pods {
                    // An API server that is killed between its two writes leaves a pod that nothing holds; a kubelet, or the pods'
                    // collector, which isn't at work here, removes it.
                    if pod.metadata.isDeleting {
                        try await bed.cluster.client.delete(
                            Pod.self, name: pod.metadata.name, namespace: bed.namespace,
                            options: DeleteOptions(propagation: .background, uid: pod.metadata.uid))
                    } else {
                        try await look(at: pod, kubelet)
                    }
                }
            } catch {
                // The API server is away; or the pod, or its version.
            }
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    /// Of one list, so of one moment.
    private func count(_ pods: [Pod]) {
        let reports = Dictionary(grouping: pods) { $0.metadata.labels[ReportsAPI.Label.pipeline] ?? "" }
            .mapValues { Set($0.map(\.request)) }
        for (pipeline, limit) in ChaosLoad.limits {
            guard let running = reports[pipeline], running.count > limit else { continue }
            excess.withLock { $0.append("\(pipeline): \(running.sorted())") }
        }
    }

    private func look(at pod: Pod, _ kubelet: Kubelet) async throws {
        guard pod.status?.phase == "Running" else { return try await kubelet.setStatus(of: pod, ["phase": "Running"]) }
        let name = pod.request
        if name.hasPrefix("stops-") || (name.hasPrefix("told-") && !load.isPublished(name)) { return }
        let fails =
            name.hasPrefix("fails-")
            || (name.hasPrefix("retried-") && pod.metadata.labels[ReportsAPI.Label.attempt] == "1")
        try await kubelet.end(pod, exitCode: fails ? 3 : 0, message: fails ? "no" : "")
    }
}
