package import FoundationEssentials
package import KubernetesModel
import ReportAPI
import ReportLayout
import ReportRecords

/// What programs are told of a run, with a message or without a file: names stay as they are within a version.
package enum ReportNotice {
    /// `report.succeeded`, `report.failed`, `report.cancelled`.
    package static func type(of dispatch: Dispatch) -> String {
        "report.\(dispatch.run.phase.rawValue.lowercased())"
    }

    /// What is known; what isn't is left out.
    ///
    /// The run's message is left out: it may hold what a stage printed last, which goes to who asked for the report alone.
    /// `uid`, `namespace`, `name`, `pipeline`, `attempt`, `phase`, `reason`, `cluster`, `clusterName` and `namespaceUID` are called
    /// as in the events in Redis.
    package static func data(of dispatch: Dispatch) -> JSONObject {
        let (report, run) = (dispatch.report, dispatch.run)
        return JSONObject(present: [
            "uid": .string(report.reportID),
            "namespace": .string(report.namespace),
            "name": .string(report.name),
            "cluster": dispatch.origin.cluster.map(JSONValue.string),
            "clusterName": dispatch.origin.clusterName.map(JSONValue.string),
            "namespaceUID": dispatch.origin.namespaceUID.map(JSONValue.string),
            "pipeline": report.pipeline.map(JSONValue.string),
            "title": .string(dispatch.title),
            "attempt": .integer(Int64(run.attempt)),
            "phase": .string(run.phase.rawValue),
            "reason": run.reason.map(JSONValue.string),
            "completedAt": run.completedAt.map(time),
            "asOf": run.asOf.map(time),
            "rows": run.rows.map { .integer(Int64($0)) },
            "parameters": .object(report.parameters),
            "subject": dispatch.subject.map(JSONValue.string),
            "text": dispatch.text.map(JSONValue.string),
            "files": .array(dispatch.files.map(file)),
        ])
    }

    package static func time(_ date: Date) -> JSONValue { .string(Timestamp(date).description) }

    private static func file(_ file: Dispatch.File) -> JSONValue {
        .object([
            "name": .string(file.name), "format": .string(file.format.rawValue), "size": .integer(Int64(file.size)),
            "sha256": .string(file.sha256),
        ])
    }
}
