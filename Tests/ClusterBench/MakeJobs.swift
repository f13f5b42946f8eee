import ArgumentParser
import KubernetesClient
import KubernetesModel

/// The cluster's own limit: as many Jobs as it is told, one like a stage's, made at once and followed to their ends.
struct MakeJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "floor",
        abstract: "Make Jobs with nothing to wait for, and print the seconds until all are Complete.")

    @OptionGroup var connection: Connection
    @Option(help: "How many Jobs.") var jobs = 900
    @Option(help: "How many are made at the same time.") var width = 8
    @Option(help: "Up to this many are not over at the same time.") var live = Int.max

    func run() async throws {
        let client = try connection.client()
        let namespace = connection.namespace
        let begin = ContinuousClock.now
        let list = try await client.list(Job.self, namespace: namespace)
        let options = WatchOptions(resourceVersion: list.metadata.resourceVersion, timeoutSeconds: 1800)
        let events = try await client.watch(Job.self, namespace: namespace, options: options)
        let (turns, giver) = AsyncStream.makeStream(of: Int.self)
        for index in 0..<min(live, jobs) { giver.yield(index) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<width {
                group.addTask {
                    for await index in turns {
                        let manifest = Self.manifest("floor-\(index)", namespace)
                        _ = try await client.create(Job.self, manifest: manifest, namespace: namespace)
                    }
                }
            }
            var given = min(live, jobs)
            var ended: Set<String> = []
            for try await event in events {
                guard case .modified(let job) = event, job.ending == .complete,
                    ended.insert(job.metadata.name).inserted
                else { continue }
                if given < jobs {
                    giver.yield(given)
                    given += 1
                }
                if ended.count == jobs { break }
            }
            giver.finish()
            guard ended.count == jobs else {
                throw ValidationError("only \(ended.count) of \(jobs) Jobs had ended when the watch did")
            }
            try await group.waitForAll()
        }
        print(Double((ContinuousClock.now - begin) / .milliseconds(1)) / 1000)
    }

    /// Of about the size that a stage's Job has.
    private static func manifest(_ name: String, _ namespace: String) -> JSONValue {
        let labels: JSONValue = .object([
            "app.kubernetes.io/managed-by": .string("cluster-bench"), "bench.reports.ers.dev/job": .string(name),
        ])
        let environment: [JSONValue] = (0..<12).map { index in
            .object([
                "name": .string("REPORT_VARIABLE_\(index)"),
                "value": .string("0b8f4c1e-7f3a-4a52-9d0e-6a1c3f0e2b77"),
            ])
        }
        let container: JSONValue = .object([
            "name": .string("stage"), "image": .string("none.invalid/none"), "command": .strings(["true"]),
            "env": .array(environment),
        ])
        return .object([
            "apiVersion": .string("batch/v1"), "kind": .string("Job"),
            "metadata": .object(["name": .string(name), "labels": labels]),
            "spec": .object([
                "backoffLimit": .integer(0),
                "template": .object([
                    "metadata": .object(["labels": labels]),
                    "spec": .object([
                        "restartPolicy": .string("Never"), "automountServiceAccountToken": .bool(false),
                        "enableServiceLinks": .bool(false), "nodeSelector": .strings(["no-such": "node"]),
                        "containers": .array([container]),
                    ]),
                ]),
            ]),
        ])
    }
}
