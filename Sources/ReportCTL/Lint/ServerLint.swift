import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import ReportPlanning

/// What a cluster adds to a check of files: its pipelines, and what its API server says to each object.
struct ServerLint: Sendable {
    let session: Session

    /// `lint`: the check of the files themselves, by namespace, with the pipelines that there are.
    func findings(
        _ manifests: [LintManifest], lint: (String, [ObjectKey: ReportPipeline], _ knowsAll: Bool) -> ManifestLint
    ) async throws -> [LintFinding] {
        let objects = ManifestLint.objects(manifests)
        var known: [ObjectKey: ReportPipeline] = [:]
        for namespace in Set(objects.compactMap { $0.key(in: session.namespace)?.namespace }).sorted() {
            let pipelines = try await session.explaining {
                try await session.cluster.items(ReportPipeline.self, namespace: namespace)
            }
            for pipeline in pipelines { known[pipeline.key] = pipeline }
        }
        var findings = lint(session.namespace, known, true).findings(manifests)
        for object in objects { findings += try await dryRun(object) }
        return findings
    }

    private func dryRun(_ object: LintObject) async throws -> [LintFinding] {
        // Without these there is nothing to send it to, as has been said.
        guard let kind = object.kind, object.object["metadata"]?.object != nil else { return [] }
        let namespace = object.key(in: session.namespace)?.namespace ?? session.namespace
        do throws(KubernetesError) {
            try await session.cluster.client.dryRun(
                kind, manifest: object.object, name: object.key(in: namespace)?.name, namespace: namespace)
            return []
        } catch {
            guard error.code != nil, !error.isUnauthorized else { throw Trouble(error, session: session) }
            let level: LintFinding.Level = error.isForbidden ? .warning : .error
            let what = error.isForbidden ? "the server doesn't check it for you" : "the server refuses it"
            return [
                LintFinding(
                    level, place: object.place, subject: object.subject, message: "\(what): \(error.message)")
            ]
        }
    }
}
