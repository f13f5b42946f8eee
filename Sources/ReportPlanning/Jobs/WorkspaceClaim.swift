package import KubernetesModel
package import ReportAPI

/// The volume that the stages of a run hand on to one another.
package enum WorkspaceClaim {
    package static func manifest(request: ReportRequest, workspace: WorkspaceSpec) -> JSONValue {
        .object([
            "apiVersion": .string(PersistentVolumeClaim.resourceKind.apiVersion),
            "kind": .string(PersistentVolumeClaim.resourceKind.kind),
            "metadata": OwnedObject.metadata(
                name: ObjectNames.workspaceClaim(of: request.metadata),
                owner: request,
                labels: [
                    ReportsAPI.Label.managedBy: ReportsAPI.manager,
                    ReportsAPI.Label.excludeFromBackup: "true",
                    ReportsAPI.Label.request: ObjectNames.label(request.metadata.name),
                    ReportsAPI.Label.requestUID: request.metadata.uid,
                ]),
            "spec": .compact([
                "accessModes": .strings(workspace.accessModes ?? ["ReadWriteOnce"]),
                "storageClassName": workspace.storageClassName.map(JSONValue.string),
                "resources": .object(["requests": .object(["storage": .string(workspace.size)])]),
            ]),
        ])
    }
}
