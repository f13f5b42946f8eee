import ArgumentParser
import Foundation
import KubernetesClient
import KubernetesModel

/// Plays the kubelet of a namespace: every pod ends, at once or after the time that its annotation asks for.
///
/// `bench.reports.ers.dev/seconds: "2.5"` says after how long, `bench.reports.ers.dev/exit-code: "3"` how: with 0 where
/// it isn't there.
struct PlayNode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "End every pod of a namespace as its annotations ask.")

    @OptionGroup var connection: Connection
    @Option(help: "How many pods are ended at the same time.") var width = 8

    func run() async throws {
        let client = try connection.client()
        let namespace = connection.namespace
        let (ends, queue) = AsyncStream.makeStream(of: NodePod.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<width {
                group.addTask {
                    for await pod in ends { try await Self.end(pod, client) }
                }
            }
            group.addTask {
                // Pods that a list and a watch both tell of are ended once: what has ended is passed over.
                var version: String?
                while true {
                    let options = WatchOptions(resourceVersion: version)
                    for try await event in try await client.watch(NodePod.self, namespace: namespace, options: options)
                    {
                        version = event.resourceVersion ?? version
                        guard case .added(let pod) = event, !pod.hasEnded else { continue }
                        guard let seconds = pod.seconds else {
                            queue.yield(pod)
                            continue
                        }
                        // Of its own, so that a pod that takes long holds up no other.
                        Task {
                            try await Task.sleep(for: .seconds(seconds))
                            queue.yield(pod)
                        }
                    }
                }
            }
            try await group.next()
        }
    }

    private static func end(_ pod: NodePod, _ client: KubernetesClient) async throws {
        let moment = JSONValue.string(Timestamp(Date()).description)
        let code = pod.exitCode
        let terminated: JSONValue = .object([
            "exitCode": .integer(Int64(code)), "reason": .string(code == 0 ? "Completed" : "Error"),
            "startedAt": moment, "finishedAt": moment,
        ])
        let container: JSONValue = .object([
            "name": .string("stage"), "image": .string("image"), "imageID": .string(""), "ready": .bool(false),
            "restartCount": .integer(0), "state": .object(["terminated": terminated]),
        ])
        let status: JSONValue = .object([
            "status": .object([
                "phase": .string(code == 0 ? "Succeeded" : "Failed"), "containerStatuses": .array([container]),
            ])
        ])
        do {
            _ = try await client.patch(
                NodePod.self, name: pod.metadata.name, namespace: pod.metadata.namespace, merge: status,
                subresource: .status)
        } catch  where error.isNotFound {
            // Its run is over.
        }
    }
}

/// A pod, with what its node is asked to do with it.
struct NodePod: KubernetesResource {
    static let resourceKind = Pod.resourceKind

    var metadata: ObjectMeta
    let hasEnded: Bool
    let seconds: Double?
    let exitCode: Int

    init(from decoder: any Decoder) throws {
        let pod = try Pod(from: decoder)
        let annotations = try Annotated(from: decoder).metadata.annotations ?? [:]
        metadata = pod.metadata
        hasEnded = pod.hasEnded
        seconds = annotations["bench.reports.ers.dev/seconds"].flatMap(Double.init)
        exitCode = annotations["bench.reports.ers.dev/exit-code"].flatMap { Int($0) } ?? 0
    }

    func encode(to encoder: any Encoder) throws { try Pod(metadata: metadata).encode(to: encoder) }

    private struct Annotated: Decodable {
        struct Metadata: Decodable { var annotations: [String: String]? }
        var metadata: Metadata
    }
}
