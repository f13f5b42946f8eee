import KubernetesModel
package import ReportAPI

/// The runs that queue for the same places.
package struct ConcurrencyGroup: Hashable, Sendable {
    /// Of the runs; a `Shared` group spans clusters and within each the namespaces of that name.
    package let namespace: String
    package let key: String
    package let scope: ConcurrencySpec.Scope
    /// How many of them run at once.
    package let limit: Int

    /// The group of a run of `pipeline`, which is called `name`.
    package init(namespace: String, pipeline: PipelineSpec, name: String) {
        self.namespace = namespace
        key = pipeline.concurrency?.key ?? name
        scope = pipeline.concurrency?.scope ?? .namespace
        limit = pipeline.concurrency?.limit ?? 1
    }

    /// A label's value that stands for the group; the limit isn't part of it, because it may change between runs.
    package var id: String { Fingerprint.of(namespace, key, scope.rawValue) }
}

extension ConcurrencyGroup {
    /// The group of an accepted request; nil before it is accepted.
    package init?(_ request: ReportRequest) {
        guard let run = request.status?.accepted else { return nil }
        self.init(namespace: request.metadata.namespace, run: run)
    }

    /// The group of a run.
    package init(namespace: String, run: AcceptedRun) {
        self.init(namespace: namespace, pipeline: run.pipeline, name: run.name)
    }

    /// The name that a run of the request would go by: the pipeline's, or an inline one's request's.
    package static func name(for request: ReportRequest) -> String {
        request.spec.value?.pipelineRef?.name ?? request.metadata.name
    }
}
