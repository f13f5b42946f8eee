import Foundation
import KubernetesClient
package import KubernetesModel
import LoopbackSupport

/// CronJobs, as kubectl has them: in whichever version the server has.
extension LiveCluster {
    /// The version of `batch` in which this server has them.
    package func cronJobVersion() async throws -> String {
        let resources = try await client.servedResources(group: "batch", version: "v1")
        return resources.contains { $0.name == CronJob.resourceKind.plural } ? "v1" : "v1beta1"
    }

    /// The CronJob, whole; nil where there is none.
    package func cronJob(_ name: String, in namespace: String) async throws -> JSONValue? {
        let output = try await kubectl(
            "get", "cronjob", name, "-n", namespace, "-o", "json", "--ignore-not-found")
        return output.isEmpty ? nil : try JSONDecoder().decode(JSONValue.self, from: Data(output.utf8))
    }

    /// Waits for the CronJob, by asking for it.
    @discardableResult
    package func wait(
        forCronJob name: String, in namespace: String, _ what: String, until holds: (JSONValue?) -> Bool
    ) async throws -> JSONValue {
        var found: JSONValue?
        try await eventually(
            "CronJob \(name): \(what); it is \(String(describing: found))", every: .milliseconds(200)
        ) {
            do {
                found = try await cronJob(name, in: namespace)
            } catch is Command.Failed {
                // A server that is away for a moment.
                return false
            }
            return holds(found)
        }
        return found ?? .null
    }

    /// Has a CronJob make a Job at once, as people do: `kubectl create job --from=cronjob/NAME JOB`.
    ///
    /// Newer kubectls don't do that where CronJobs are `batch/v1beta1`; then it is the Job that kubectl 1.20 makes there.
    package func runNow(_ cronJob: String, as job: String, in namespace: String) async throws {
        let result = try await kubectlResult(["create", "job", "--from=cronjob/\(cronJob)", job, "-n", namespace])
        if result.status == 0 { return }
        guard result.errors.contains("unknown object type *v1beta1.CronJob"),
            let owner = try await self.cronJob(cronJob, in: namespace)
        else { throw Command.Failed(description: "kubectl create job \(job): \(result.errors)") }
        let template = owner["spec"]?["jobTemplate"]
        let reference = JSONValue.compact([
            "apiVersion": owner["apiVersion"], "kind": .string("CronJob"), "name": .string(cronJob),
            "uid": owner["metadata"]?["uid"],
        ])
        let manifest = JSONValue.compact([
            "apiVersion": .string("batch/v1"),
            "kind": .string("Job"),
            "metadata": .compact([
                "name": .string(job),
                "labels": template?["metadata"]?["labels"],
                "annotations": .object(["cronjob.kubernetes.io/instantiate": .string("manual")]),
                "ownerReferences": .array([reference]),
            ]),
            "spec": template?["spec"],
        ])
        try await kubectl(
            "create", "-n", namespace, "--validate=false", "-f", "-",
            input: String(decoding: manifest.jsonText, as: UTF8.self))
    }
}
