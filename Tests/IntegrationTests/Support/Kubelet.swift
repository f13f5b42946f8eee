import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import TestSupport

/// Plays the kubelet for the pods of one namespace: there is none on a control plane alone.
struct Kubelet: Sendable {
    /// What becomes of a pod.
    enum Fate: Sendable {
        case succeeds
        case fails(exitCode: Int, message: String)
        /// It runs until the test ends it.
        case runs
        /// Nobody starts it.
        case staysPending
    }

    let client: KubernetesClient
    let namespace: String
    let fate: @Sendable (Pod) -> Fate

    /// Gives every pod its fate, until it is cancelled. Faults of the API server are waited out.
    func run() async {
        while !Task.isCancelled {
            do {
                let list = try await client.list(Pod.self, namespace: namespace)
                for pod in list.items { try await settle(pod) }
                let events = try await client.watch(
                    Pod.self, namespace: namespace,
                    options: WatchOptions(resourceVersion: list.metadata.resourceVersion, timeoutSeconds: 120))
                for try await event in events {
                    switch event {
                    case .added(let pod), .modified(let pod): try await settle(pod)
                    case .deleted, .bookmark, .undecodable: continue
                    case .status: break
                    }
                }
            } catch {
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func settle(_ pod: Pod) async throws {
        guard !pod.hasEnded, !pod.metadata.isDeleting else { return }
        switch fate(pod) {
        case .succeeds: try await end(pod, exitCode: 0)
        case .fails(let exitCode, let message): try await end(pod, exitCode: exitCode, message: message)
        case .runs where pod.status?.phase == "Pending":
            try await setStatus(of: pod, ["phase": "Running"])
        case .runs, .staysPending: return
        }
    }

    /// Ends a pod as its program would.
    func end(_ pod: Pod, exitCode: Int, message: String = "", reason: String? = nil) async throws {
        let time = JSONValue.string(Timestamp(.now).description)
        try await setStatus(
            of: pod,
            [
                "phase": .string(exitCode == 0 ? "Succeeded" : "Failed"),
                "containerStatuses": .array([
                    .object([
                        "name": "stage", "image": "image", "imageID": "", "ready": .bool(false),
                        "restartCount": .integer(0),
                        "state": .object([
                            "terminated": .object([
                                "exitCode": .integer(Int64(exitCode)), "message": .string(message),
                                "reason": .string(reason ?? (exitCode == 0 ? "Completed" : "Error")),
                                "startedAt": time, "finishedAt": time,
                            ])
                        ]),
                    ])
                ]),
            ])
    }

    func setStatus(of pod: Pod, _ status: JSONObject) async throws {
        do {
            _ = try await client.patch(
                Pod.self, name: pod.metadata.name, namespace: namespace,
                merge: JSONValue.object(["status": .object(status)]), subresource: .status)
        } catch {
            // It may have gone meanwhile.
            guard error.isNotFound || error.isConflict else { throw error }
        }
    }

    /// Lets go of a pod that is being deleted and has a finalizer of the test's.
    func release(_ pod: Pod) async throws {
        do {
            _ = try await client.patch(
                Pod.self, name: pod.metadata.name, namespace: namespace,
                merge: JSONValue.object(["metadata": .object(["finalizers": .null])]))
        } catch {
            guard error.isNotFound else { throw error }
        }
    }
}

extension Pod {
    var stage: String { metadata.labels[ReportsAPI.Label.stage] ?? "" }
    var request: String { metadata.labels[ReportsAPI.Label.request] ?? "" }
}
