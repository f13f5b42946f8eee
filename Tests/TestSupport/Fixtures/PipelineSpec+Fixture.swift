import KubernetesModel
package import ReportAPI

extension StageSpec {
    package static func fixture(_ name: String, after dependsOn: [String]? = nil) -> StageSpec {
        StageSpec(name: name, image: "registry.example/etl/\(name):1.0", dependsOn: dependsOn)
    }

    package func timeout(_ text: String) -> StageSpec { with { $0.timeout = ReportDuration(text) } }

    package func with(_ edit: (inout StageSpec) -> Void) -> StageSpec {
        var copy = self
        edit(&copy)
        return copy
    }
}

extension PipelineSpec {
    /// One stage after the other.
    package static func chain(_ names: String...) -> PipelineSpec { chain(names) }

    package static func chain(_ names: [String]) -> PipelineSpec {
        PipelineSpec(stages: names.map { .fixture($0) })
    }

    /// extract, then check-a beside check-b, then publish.
    package static var diamond: PipelineSpec {
        PipelineSpec(stages: [
            .fixture("extract"), .fixture("check-a", after: ["extract"]), .fixture("check-b", after: ["extract"]),
            .fixture("publish", after: ["check-a", "check-b"]),
        ])
    }

    /// Stages that wait for nothing.
    package static func wide(_ names: String...) -> PipelineSpec {
        PipelineSpec(stages: names.map { .fixture($0, after: []) })
    }

    package func parameters(_ parameters: ParameterSpec...) -> PipelineSpec { with { $0.parameters = parameters } }

    package func timeout(_ text: String) -> PipelineSpec { with { $0.timeout = ReportDuration(text) } }

    package func workspace(_ size: String = "1Gi") -> PipelineSpec {
        with { $0.workspace = WorkspaceSpec(size: size) }
    }

    package func concurrency(
        key: String? = nil, limit: Int? = nil, scope: ConcurrencySpec.Scope? = nil
    ) -> PipelineSpec {
        with { $0.concurrency = ConcurrencySpec(key: key, limit: limit, scope: scope) }
    }

    /// With one stage changed.
    package func stage(_ name: String, _ edit: (inout StageSpec) -> Void) -> PipelineSpec {
        with { pipeline in
            for index in pipeline.stages.indices where pipeline.stages[index].name == name {
                edit(&pipeline.stages[index])
            }
        }
    }

    package func with(_ edit: (inout PipelineSpec) -> Void) -> PipelineSpec {
        var copy = self
        edit(&copy)
        return copy
    }
}

extension ReportPipeline {
    package static func fixture(
        _ name: String = "trial-balance", _ spec: PipelineSpec = .chain("extract", "transform", "load")
    ) -> ReportPipeline {
        ReportPipeline(metadata: ObjectMeta(name: name, namespace: "finance"), spec: spec)
    }
}
