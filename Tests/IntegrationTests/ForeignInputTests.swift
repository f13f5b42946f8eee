import ClusterSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportController
import TestSupport
import Testing

/// What the API server takes and the operator can't: it ends the request that has it, and nothing else.
@Suite struct ForeignInputTests {
    /// Lists: the API server itself takes minutes over the fields of nested objects.
    private static func nested(_ levels: Int) -> JSONValue {
        (0..<levels).reduce(.integer(1)) { inner, _ in .array([inner]) }
    }

    private func create(_ name: String, parameter: JSONValue, in bed: TestBed) async throws {
        _ = try await bed.cluster.client.createWhole(
            ReportRequest.resourceKind,
            manifest: .object([
                "apiVersion": "reports.ers.dev/v1", "kind": "ReportRequest",
                "metadata": .object(["name": .string(name)]),
                "spec": .object([
                    "pipelineRef": .object(["name": "report"]), "parameters": .object(["p": parameter]),
                ]),
            ]),
            namespace: bed.namespace)
    }

    @Test func aParameterThatIsNestedTooDeepEndsItsRequestAlone() async throws {
        try await TestBed.run { bed in
            try await bed.waitUntilOperatorHas(try await bed.createPipeline())
            try await create("deep", parameter: Self.nested(600), in: bed)
            let failed = try await bed.wait(for: "deep", phase: .failed)
            #expect(failed.status?.reason == Reason.invalidSpec)
            #expect(
                failed.status?.message?.contains(
                    "spec.parameters.p: is nested 600 levels deep; at most 64 are allowed") == true,
                "\(failed.status?.message ?? "")")
            // Both come with the list that an operator begins with.
            await bed.operator.stop()
            try await create("deeper", parameter: .object(["a": Self.nested(599)]), in: bed)
            try await bed.createRequest("fine")
            try await bed.withOperator(bed.cluster.configuration) { second in
                try await bed.wait(for: "fine", phase: .succeeded)
                let other = try await bed.wait(for: "deeper", phase: .failed)
                #expect(other.status?.reason == Reason.invalidSpec)
                #expect(!second.log.all.contains { $0.contains("Can't list") })
            }
        }
    }

    @Test func eightRequestsOfMoreThanAMegabyteAreRefusedAndNotKept() async throws {
        try await TestBed.run { bed in
            try await bed.waitUntilOperatorHas(try await bed.createPipeline())
            await bed.operator.stop()
            let text = String(repeating: "x", count: 1_400_000)
            for index in 0..<8 { try await bed.createRequest("large-\(index)", more: "{parameters: {p: \(text)}}") }
            try await bed.createRequest("fine")
            try await bed.withOperator(bed.cluster.configuration) { second in
                try await bed.wait(for: "fine", phase: .succeeded)
                for index in 0..<8 {
                    let failed = try await bed.wait(for: "large-\(index)", phase: .failed)
                    #expect(failed.status?.reason == Reason.invalidSpec)
                    #expect(failed.status?.message?.contains("at most 524288 are allowed") == true)
                }
                let kept = second.controller.cache.requests
                #expect(kept.get(ObjectKey(namespace: bed.namespace, name: "large-0"))?.spec.value == nil)
            }
        }
    }
}
