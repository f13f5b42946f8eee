package import KubernetesModel
package import ReportAPI

/// The Job of one stage in one attempt: everything that decides a pod's shape is here.
package enum StageJob {
    /// The container that does the stage's work.
    package static let containerName = "stage"
    package static let workspacePath = "/workspace"
    private static let workspaceVolume = "report-workspace"

    /// Whether that container of a pod template is the stage's own.
    static func isOwn(_ container: JSONValue) -> Bool { container["name"]?.string?.isSame(as: containerName) ?? false }

    package static func manifest(
        request: ReportRequest, run: AcceptedRun, stage: StageSpec, attempt: Int
    ) -> JSONValue {
        let labels = labels(request: request, run: run, stage: stage.name, attempt: attempt)
        return .object([
            "apiVersion": .string(Job.resourceKind.apiVersion),
            "kind": .string(Job.resourceKind.kind),
            "metadata": OwnedObject.metadata(
                name: ObjectNames.job(of: request.metadata, stage: stage.name, attempt: attempt),
                owner: request,
                labels: labels),
            "spec": .compact([
                "parallelism": .integer(1),
                "completions": .integer(1),
                "backoffLimit": .integer(Int64(stage.retries ?? 0)),
                // No second pod beside one that is still on its way out, in the same workspace. Servers before 1.28 drop it.
                "podReplacementPolicy": .string("Failed"),
                "activeDeadlineSeconds": stage.timeout.map { .integer($0.seconds) },
                "template": template(request: request, run: run, stage: stage, attempt: attempt, labels: labels),
            ]),
        ])
    }

    private static func labels(
        request: ReportRequest, run: AcceptedRun, stage: String, attempt: Int
    ) -> [String: String] {
        let group = ConcurrencyGroup(namespace: request.metadata.namespace, run: run)
        return [
            ReportsAPI.Label.managedBy: ReportsAPI.manager,
            ReportsAPI.Label.excludeFromBackup: "true",
            ReportsAPI.Label.request: ObjectNames.label(request.metadata.name),
            ReportsAPI.Label.requestUID: request.metadata.uid,
            ReportsAPI.Label.stage: stage,
            ReportsAPI.Label.attempt: String(attempt),
            ReportsAPI.Label.concurrencyGroup: group.id,
        ]
    }

    /// Defaults, then the author's pod template over them, then the stage's own fields over both.
    private static func template(
        request: ReportRequest, run: AcceptedRun, stage: StageSpec, attempt: Int, labels: [String: String]
    ) -> JSONValue {
        let defaults: JSONValue = .object([
            "spec": .object([
                // A stage is a program with an environment, not a client of the API server.
                "automountServiceAccountToken": .bool(false),
                "enableServiceLinks": .bool(false),
            ])
        ])
        let base = defaults.merging(stage.podTemplate ?? .object([:]))
        let claim = run.pipeline.workspace.map { _ in ObjectNames.workspaceClaim(of: request.metadata) }
        let containers = base["spec"]?["containers"]?.array ?? []
        let others = containers.filter { !isOwn($0) }
        let own = containers.first(where: isOwn)
        let environment = StageEnvironment.variables(request: request, run: run, stage: stage.name, attempt: attempt)
        let container = container(stage, over: own ?? .object([:]), environment: environment, mounts: claim != nil)
        var fields: JSONObject = [
            "restartPolicy": .string("Never"),
            "containers": .array([container] + others),
        ]
        if let claim {
            let volume: JSONValue = .object([
                "name": .string(workspaceVolume),
                "persistentVolumeClaim": .object(["claimName": .string(claim)]),
            ])
            fields["volumes"] = .array((base["spec"]?["volumes"]?.array ?? []) + [volume])
        }
        return base.merging(
            .object(["metadata": .object(["labels": .strings(labels)]), "spec": .object(fields)]))
    }

    private static func container(
        _ stage: StageSpec, over base: JSONValue, environment: [JSONValue], mounts: Bool
    ) -> JSONValue {
        let stageVariables = stage.env ?? []
        let names = Set((environment + stageVariables).compactMap { $0["name"]?.string }.map(\.utf8).map(Array.init))
        let inherited = (base["env"]?.array ?? []).filter { !names.contains(Array(($0["name"]?.string ?? "").utf8)) }
        let mount: JSONValue = .object([
            "name": .string(workspaceVolume), "mountPath": .string(workspacePath),
        ])
        let fields = JSONObject(present: [
            "name": .string(containerName),
            "image": .string(stage.image),
            "command": stage.command.map(JSONValue.strings),
            "args": stage.args.map(JSONValue.strings),
            // The report's variables first: the others may refer to them.
            "env": .array(environment + inherited + stageVariables),
            "envFrom": stage.envFrom.map(JSONValue.array),
            "resources": stage.resources,
            // Where a stage writes no termination message, its last lines of log say why it failed.
            "terminationMessagePolicy": base["terminationMessagePolicy"] ?? .string("FallbackToLogsOnError"),
            "volumeMounts": mounts ? .array((base["volumeMounts"]?.array ?? []) + [mount]) : nil,
        ])
        return base.merging(.object(fields))
    }
}
