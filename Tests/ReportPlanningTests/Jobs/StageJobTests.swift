import Foundation
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct StageJobTests {
    @Test func jobRunsOnePodOnceAndBelongsToItsRequest() throws {
        let job = manifest(.fixture("extract"))
        #expect(job["apiVersion"] == .string("batch/v1"))
        #expect(job["kind"] == .string("Job"))
        #expect(job["spec"]?["parallelism"] == .integer(1))
        #expect(job["spec"]?["completions"] == .integer(1))
        #expect(job["spec"]?["backoffLimit"] == .integer(0))
        #expect(job["spec"]?["podReplacementPolicy"] == .string("Failed"))
        #expect(job["spec"]?["activeDeadlineSeconds"] == nil)
        #expect(job["metadata"]?["namespace"] == .string("finance"))
        let owner = try #require(job["metadata"]?["ownerReferences"]?.array?.first)
        #expect(owner["uid"] == .string("5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11"))
        #expect(owner["controller"] == .bool(true))
        #expect(owner["blockOwnerDeletion"] == .bool(true))
        let labels = job["metadata"]?["labels"]
        #expect(labels == job["spec"]?["template"]?["metadata"]?["labels"])
        #expect(labels?["app.kubernetes.io/managed-by"] == .string("report-operator"))
        #expect(labels?["reports.ers.dev/stage"] == .string("extract"))
        #expect(labels?["reports.ers.dev/attempt"] == .string("1"))
        let pod = job["spec"]?["template"]?["spec"]
        #expect(pod?["restartPolicy"] == .string("Never"))
        #expect(pod?["automountServiceAccountToken"] == .bool(false))
        #expect(pod?["enableServiceLinks"] == .bool(false))
        #expect(pod?["volumes"] == nil)
        #expect(pod?["containers"]?.array?.first?["terminationMessagePolicy"] == .string("FallbackToLogsOnError"))
    }

    @Test func retriesAndTimeoutAreTheJobs() {
        let job = manifest(.fixture("extract").timeout("1h30m").with { $0.retries = 2 })
        #expect(job["spec"]?["backoffLimit"] == .integer(2))
        #expect(job["spec"]?["activeDeadlineSeconds"] == .integer(5400))
    }

    @Test func podTemplateIsMergedUnderTheStage() throws {
        let job = manifest(
            .fixture("extract").with {
                $0.command = ["python3"]
                $0.env = try? Self.json(#"[{"name": "B", "value": "stage"}]"#).array
                $0.resources = try? Self.json(#"{"requests": {"cpu": "2"}}"#)
                $0.podTemplate = try? Self.json(Self.template)
            })
        let template = try #require(job["spec"]?["template"])
        #expect(template["metadata"]?["annotations"]?["note"] == .string("kept"))
        #expect(template["metadata"]?["labels"]?["team"] == .string("finance"))
        #expect(template["metadata"]?["labels"]?["reports.ers.dev/stage"] == .string("extract"))
        let spec = try #require(template["spec"])
        #expect(spec["nodeSelector"] == .object(["disk": .string("nvme")]))
        #expect(spec["restartPolicy"] == .string("Never"))
        #expect(spec["automountServiceAccountToken"] == .bool(true))
        #expect(spec["initContainers"]?.array?.count == 1)
        #expect(spec["volumes"]?.array?.map { $0["name"]?.string } == ["cache"])
        let containers = try #require(spec["containers"]?.array)
        #expect(containers.map { $0["name"]?.string } == ["stage", "sidecar"])
        let stage = try #require(containers.first)
        #expect(stage["image"] == .string("registry.example/etl/extract:1.0"))
        #expect(stage["command"] == .strings(["python3"]))
        #expect(stage["args"] == .strings(["kept"]))
        #expect(stage["securityContext"]?["runAsUser"] == .integer(1000))
        #expect(stage["resources"]?["requests"] == .object(["cpu": .string("2"), "memory": .string("1Gi")]))
        #expect(stage["terminationMessagePolicy"] == .string("File"))
        #expect(stage["volumeMounts"]?.array?.count == 1)
        let variables = stage["env"]?.array?.map { "\($0["name"]?.string ?? "")=\($0["value"]?.string ?? "")" } ?? []
        #expect(variables.first?.hasPrefix("REPORT_ID=") == true)
        #expect(variables.suffix(2) == ["A=template", "B=stage"])
        #expect(variables.count == 9)
    }

    @Test func workspaceIsMountedBesideTheTemplatesVolumes() throws {
        let stage = StageSpec.fixture("extract").with { $0.podTemplate = try? Self.json(Self.template) }
        let job = manifest(stage, in: PipelineSpec(stages: [stage]).workspace())
        let spec = try #require(job["spec"]?["template"]?["spec"])
        #expect(spec["volumes"]?.array?.map { $0["name"]?.string } == ["cache", "report-workspace"])
        let claim = spec["volumes"]?.array?.last?["persistentVolumeClaim"]?["claimName"]?.string
        #expect(claim == ObjectNames.workspaceClaim(of: ReportRequest.fixture().metadata))
        let mounts = spec["containers"]?.array?.first?["volumeMounts"]?.array
        #expect(mounts?.map { $0["mountPath"]?.string } == ["/cache", "/workspace"])
    }

    @Test func claimIsTheRequestsAndAsksForWhatThePipelineSays() {
        let request = ReportRequest.fixture()
        let plain = WorkspaceClaim.manifest(request: request, workspace: WorkspaceSpec(size: "1Gi"))
        #expect(plain["spec"]?["accessModes"] == .strings(["ReadWriteOnce"]))
        #expect(plain["spec"]?["storageClassName"] == nil)
        #expect(plain["spec"]?["resources"]?["requests"]?["storage"] == .string("1Gi"))
        #expect(plain["metadata"]?["ownerReferences"]?.array?.first?["uid"] == .string(request.metadata.uid))
        let other = WorkspaceClaim.manifest(
            request: request,
            workspace: WorkspaceSpec(size: "5Gi", storageClassName: "fast", accessModes: ["ReadWriteMany"]))
        #expect(other["spec"]?["accessModes"] == .strings(["ReadWriteMany"]))
        #expect(other["spec"]?["storageClassName"] == .string("fast"))
    }

    private func manifest(_ stage: StageSpec, in pipeline: PipelineSpec? = nil) -> JSONValue {
        let run = AcceptedRun(
            name: "trial-balance", pipeline: pipeline ?? PipelineSpec(stages: [stage]), parameters: [:])
        return StageJob.manifest(request: .fixture(), run: run, stage: stage, attempt: 1)
    }

    private static func json(_ text: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    private static let template = """
        {"metadata": {"annotations": {"note": "kept"},
                      "labels": {"team": "finance", "reports.ers.dev/stage": "forged"}},
         "spec": {"nodeSelector": {"disk": "nvme"}, "restartPolicy": "Always", "automountServiceAccountToken": true,
                  "initContainers": [{"name": "init", "image": "i"}],
                  "volumes": [{"name": "cache", "emptyDir": {}}],
                  "containers": [
                    {"name": "sidecar", "image": "s"},
                    {"name": "stage", "image": "ignored", "args": ["kept"], "securityContext": {"runAsUser": 1000},
                     "terminationMessagePolicy": "File", "resources": {"requests": {"memory": "1Gi"}},
                     "env": [{"name": "A", "value": "template"}, {"name": "B", "value": "template"}],
                     "volumeMounts": [{"name": "cache", "mountPath": "/cache"}]}]}}
        """
}
