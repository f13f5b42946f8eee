import DeliveryPlanning
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportLayout
import ReportRecords

/// The text that is put into a folder in place of files: a folder where nothing appears tells nobody that a run failed.
enum FolderNotice {
    /// Of a run that failed, as most are.
    static func name(of dispatch: Dispatch) -> String {
        ChannelPath.noticeName(of: dispatch.report, ending: dispatch.run.phase.rawValue.lowercased())
    }

    /// In UTF-8, with ends of lines that every editor knows. The message is left out: it may hold what a stage printed,
    /// which is for those who asked for the report.
    static func text(of dispatch: Dispatch) -> [UInt8] {
        let (report, run) = (dispatch.report, dispatch.run)
        var lines = [dispatch.title.onOneLine, ""]
        if let text = dispatch.text {
            lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).onOneLine } + [""]
        }
        lines += [sentence(run), ""]
        lines += table([
            ("Report", report.reportID), ("Request", "\(report.namespace)/\(report.name)"),
            ("Cluster", dispatch.origin.clusterName ?? ""), ("Pipeline", report.pipeline ?? ""),
            ("Attempt", "\(run.attempt)"),
            ("Ended", run.completedAt.map { Timestamp($0).description } ?? ""),
        ])
        if run.phase == .failed {
            lines += ["", "More: kubectl report describe \(report.name) -n \(report.namespace)"]
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    private static func sentence(_ run: Dispatch.Run) -> String {
        let reason = run.reason.map { " (\($0))" } ?? ""
        switch run.phase {
        case .failed: return "There is no report: the run failed\(reason)."
        case .cancelled: return "There is no report: the run was cancelled\(reason)."
        case .succeeded:
            return "The run succeeded" + (run.rows.map { " with \($0) row\($0 == 1 ? "" : "s")" } ?? "") + "."
        case .queued, .running, .cancelling: return "The run is \(run.phase.rawValue.lowercased())."
        }
    }

    private static func table(_ rows: [(String, String)]) -> [String] {
        rows.filter { !$0.1.isEmpty }.map { name, value in
            "\(name):" + String(repeating: " ", count: 9 - name.utf8.count) + value.onOneLine
        }
    }
}
