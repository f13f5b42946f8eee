import Foundation
import KubernetesModel
import Testing

struct ResourceTests {
    @Test func jobIsReadAsTheServerWritesIt() throws {
        let job = try decode(Job.self, Self.job)
        #expect(job.key == ObjectKey(namespace: "finance", name: "tb-extract-1"))
        #expect(job.metadata.controller?.kind == "ReportRequest")
        #expect(job.metadata.generation == 1)
        #expect(job.status?.failed == 1)
        #expect(job.finalCondition?.reason == "BackoffLimitExceeded")
        #expect(job.isFinished)
    }

    static let conditions: [(String, String?)] = [
        ("[]", nil), ("null", nil),
        (#"[{"type": "FailureTarget", "status": "True"}]"#, nil),
        (#"[{"type": "SuccessCriteriaMet", "status": "True"}]"#, nil),
        (#"[{"type": "Suspended", "status": "True"}]"#, nil),
        (#"[{"type": "Complete", "status": "False"}]"#, nil),
        (#"[{"type": "SuccessCriteriaMet", "status": "True"}, {"type": "Complete", "status": "True"}]"#, "Complete"),
        (#"[{"type": "FailureTarget", "status": "True"}, {"type": "Failed", "status": "True"}]"#, "Failed"),
    ]

    @Test(arguments: conditions) func onlyFinalConditionsEndAJob(conditions: String, final: String?) throws {
        let job = try decode(
            Job.self, #"{"metadata": {"name": "a"}, "status": {"conditions": \#(conditions)}}"#)
        #expect(job.finalCondition?.type == final && job.ending?.rawValue == final)
        #expect(job.isFinished == (final != nil))
    }

    @Test func podIsReadAsTheServerWritesIt() throws {
        let pod = try decode(Pod.self, Self.pod)
        #expect(pod.hasEnded)
        #expect(pod.status?.containerStatuses?.first?.state?.terminated?.exitCode == 137)
        #expect(pod.status?.containerStatuses?.first?.state?.terminated?.reason == "OOMKilled")
        #expect(pod.status?.initContainerStatuses?.first?.state?.waiting?.reason == "ImagePullBackOff")
        #expect(pod.status?.conditions?.first?.reason == "")
        #expect(pod.metadata.labels["reports.ers.dev/stage"] == "extract")
        for (phase, hasEnded) in [("Pending", false), ("Running", false), ("Unknown", false), ("Succeeded", true)] {
            let other = try decode(Pod.self, #"{"metadata": {"name": "a"}, "status": {"phase": "\#(phase)"}}"#)
            #expect(other.hasEnded == hasEnded)
        }
        #expect(try !decode(Pod.self, #"{"metadata": {"name": "a"}}"#).hasEnded)
    }

    @Test func metadataHasDefaultsForWhatIsAbsent() throws {
        let empty = try decode(ObjectMeta.self, "{}")
        #expect(empty == ObjectMeta(name: "", namespace: ""))
        #expect(!empty.isDeleting)
        #expect(empty.controller == nil)
        let nulls = try decode(
            ObjectMeta.self, #"{"name": "a", "labels": null, "ownerReferences": null, "finalizers": null}"#)
        #expect(nulls.labels.isEmpty)
        let full = try decode(
            ObjectMeta.self,
            #"{"name": "a", "deletionTimestamp": "2026-10-31T12:34:56Z", "ownerReferences": [{"apiVersion": "v1", "kind": "X", "name": "x", "uid": "1"}]}"#
        )
        #expect(full.isDeleting)
        #expect(full.controller == nil)
        #expect(try decode(ObjectMeta.self, String(decoding: JSONEncoder().encode(full), as: UTF8.self)) == full)
    }

    @Test(arguments: [#""items": null"#, #""items": []"#, #""kind": "JobList""#])
    func listMayHaveNoItems(items: String) throws {
        let json = #"{"metadata": {"resourceVersion": "7", "continue": ""}, \#(items)}"#
        let list = try ResourceList<Job>(reading: Data(json.utf8))
        #expect(list.items.isEmpty)
        #expect(list.metadata.resourceVersion == "7")
    }

    @Test func listGivesItsItemsAndWhatIsLeft() throws {
        let json = #"{"metadata": {"continue": "abc", "remainingItemCount": 3}, "items": [\#(Self.job)]}"#
        let list = try ResourceList<Job>(reading: Data(json.utf8))
        #expect(list.items.map(\.metadata.name) == ["tb-extract-1"])
        #expect(list.metadata.continue == "abc")
        #expect(list.metadata.remainingItemCount == 3)
    }

    @Test func keysAreOrderedAndWrittenAsKubectlDoes() {
        let keys = [("b", "a"), ("a", "z"), ("a", "b")].map { ObjectKey(namespace: $0.0, name: $0.1) }
        #expect(keys.sorted().map(\.description) == ["a/b", "a/z", "b/a"])
        #expect(Job.resourceKind.apiVersion == "batch/v1")
        #expect(Job.resourceKind.qualifiedName == "jobs.batch")
        #expect(Pod.resourceKind.apiVersion == "v1")
        #expect(Pod.resourceKind.qualifiedName == "pods")
    }

    @Test func errorIsReadAsTheServerWritesIt() throws {
        let status = try decode(
            APIStatus.self,
            #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"jobs.batch \"x\" already exists","reason":"AlreadyExists","details":{"name":"x","group":"batch","kind":"jobs"},"code":409}"#
        )
        #expect(status.reason == "AlreadyExists")
        #expect(status.code == 409)
        #expect(status.details?.name == "x")
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    private static let job = """
        {"apiVersion": "batch/v1", "kind": "Job",
         "metadata": {"name": "tb-extract-1", "namespace": "finance", "uid": "u", "resourceVersion": "12",
           "generation": 1, "creationTimestamp": "2026-10-31T12:34:56Z", "annotations": {"a": "b"},
           "labels": {"job-name": "tb-extract-1"}, "managedFields": [{"manager": "x", "fieldsV1": {"f:a": {}}}],
           "ownerReferences": [{"apiVersion": "reports.ers.dev/v1", "kind": "ReportRequest", "name": "tb",
             "uid": "r", "controller": true, "blockOwnerDeletion": true}]},
         "spec": {"parallelism": 1, "template": {"spec": {"containers": [{"name": "stage"}]}}},
         "status": {"startTime": "2026-10-31T12:34:56Z", "failed": 1, "ready": 0, "terminating": 0,
           "uncountedTerminatedPods": {},
           "conditions": [
             {"type": "FailureTarget", "status": "True", "lastProbeTime": "2026-10-31T12:35:00Z",
              "lastTransitionTime": "2026-10-31T12:35:00Z", "reason": "BackoffLimitExceeded", "message": "m"},
             {"type": "Failed", "status": "True", "lastProbeTime": "2026-10-31T12:35:01Z",
              "lastTransitionTime": "2026-10-31T12:35:01Z", "reason": "BackoffLimitExceeded", "message": "m"}]}}
        """

    private static let pod = """
        {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"name": "tb-extract-1-abcde", "namespace": "finance", "generateName": "tb-extract-1-",
           "labels": {"reports.ers.dev/stage": "extract"}, "finalizers": ["batch.kubernetes.io/job-tracking"]},
         "spec": {"nodeName": "n", "containers": []},
         "status": {"phase": "Failed", "qosClass": "Burstable",
           "conditions": [{"type": "Ready", "status": "False", "lastProbeTime": null,
                           "lastTransitionTime": "2026-10-31T12:35:00Z"}],
           "initContainerStatuses": [{"name": "init", "image": "i", "ready": false, "restartCount": 0,
             "state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off"}}}],
           "containerStatuses": [{"name": "stage", "image": "e", "imageID": "x", "ready": false, "restartCount": 0,
             "lastState": {}, "started": false,
             "state": {"terminated": {"exitCode": 137, "reason": "OOMKilled", "startedAt": "2026-10-31T12:34:57Z",
               "finishedAt": "2026-10-31T12:34:59Z", "containerID": "c"}}}]}}
        """
}
