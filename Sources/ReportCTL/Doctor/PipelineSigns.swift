import KubernetesModel
import ReportAPI

/// Finds the pipelines that can't run.
enum PipelineSigns {
    static func findings(_ pipelines: [ReportPipeline], name: (ReportPipeline) -> String) -> [Finding] {
        let broken = pipelines.filter { $0.status?.ready?.status == "False" && !$0.metadata.isDeleting }
            .sorted { $0.key < $1.key }
        guard let first = broken.first else { return [] }
        let number = "\(broken.count) pipeline\(broken.count == 1 ? "" : "s")"
        return [
            .warning(
                "pipelines", "\(number) can't run, such as \(name(first)): \(first.status?.ready?.message ?? "")",
                mend: "fix its manifest (reportctl lint FILE says the same) and apply it again")
        ]
    }
}
