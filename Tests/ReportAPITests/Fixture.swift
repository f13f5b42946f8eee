import Foundation
import KubernetesModel
import ReportAPI

enum Fixture {
    static func json(_ text: String) throws -> JSONValue { try decode(JSONValue.self, text) }

    static func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    /// A request whose spec is that JSON text.
    static func request(spec: String, status: String? = nil) throws -> ReportRequest {
        let status = status.map { #", "status": \#($0)"# } ?? ""
        return try decode(
            ReportRequest.self,
            #"""
            {"apiVersion": "reports.ers.dev/v1", "kind": "ReportRequest",
             "metadata": {"name": "tb", "namespace": "finance", "uid": "u", "resourceVersion": "1", "generation": 1},
             "spec": \#(spec)\#(status)}
            """#)
    }

    /// The JSON that `value` encodes to.
    static func encoded(_ value: some Encodable) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(value))
    }

    /// Uses every field that a pipeline can have.
    static let pipeline = #"""
        {"title": "Trial balance", "description": "Of a period", "timeout": "4h",
         "parameters": [
           {"name": "period", "type": "month", "required": true, "title": "Period", "description": "Of the books"},
           {"name": "company", "type": "string", "default": "310507", "enum": ["310507", "306766"]},
           {"name": "limit", "type": "number", "default": 1.5}],
         "concurrency": {"key": "erp", "limit": 2, "scope": "Shared"},
         "workspace": {"size": "1Gi", "storageClassName": "fast", "accessModes": ["ReadWriteOnce"]},
         "stages": [
           {"name": "extract", "title": "Extract", "image": "etl:1", "command": ["python3"], "args": ["-u"],
            "env": [{"name": "DSN", "valueFrom": {"secretKeyRef": {"name": "plex", "key": "dsn"}}}],
            "envFrom": [{"secretRef": {"name": "plex"}}], "resources": {"limits": {"cpu": 1, "memory": "128Mi"}},
            "timeout": "1h30m", "retries": 2, "podTemplate": {"spec": {"nodeSelector": {"disk": "nvme"}}}},
           {"name": "publish", "image": "etl:1", "dependsOn": ["extract"]}]}
        """#

    /// Uses every field that a status can have.
    static let status = #"""
        {"observedGeneration": 2, "phase": "Failed", "reason": "StageFailed", "message": "extract failed",
         "pipelineName": "trial-balance", "stage": "1/2 extract", "attempt": 2, "queuedAt": "2026-10-31T06:00:00Z", "fence": 1798700000001,
         "transitions": [
           {"phase": "Queued", "at": "2026-10-31T06:00:00Z", "reason": "WaitingForTurn"},
           {"phase": "Running", "at": "2026-10-31T06:00:01Z"}],
         "startedAt": "2026-10-31T06:00:01Z", "completedAt": "2026-10-31T07:12:01Z", "duration": "1h12m",
         "stages": [
           {"name": "extract", "phase": "Failed", "attempt": 2, "job": "tb-extract-2", "exitCode": 137,
            "startedAt": "2026-10-31T06:00:01Z", "completedAt": "2026-10-31T07:12:01Z", "reason": "OOMKilled",
            "message": "out of memory"},
           {"name": "publish", "phase": "Skipped"}],
         "previousAttempts": [
           {"attempt": 1, "phase": "Cancelled", "reason": "CancelledByUser", "startedAt": "2026-10-30T06:00:01Z",
            "completedAt": "2026-10-30T06:00:09Z", "transitions": [{"phase": "Running", "at": "2026-10-30T06:00:01Z"}],
            "stages": [{"name": "extract", "phase": "Cancelled", "attempt": 1, "job": "tb-extract-1"}]}],
         "conditions": [
           {"type": "Failed", "status": "True", "reason": "StageFailed", "message": "extract failed",
            "lastTransitionTime": "2026-10-31T07:12:01Z", "observedGeneration": 2}],
         "accepted": {"name": "trial-balance", "pipeline": {"stages": [{"name": "extract", "image": "etl:1"}]},
                      "parameters": {"period": "2026-10"}}}
        """#
}
