import ClusterSupport
import KubernetesClient
import KubernetesModel
import PrometheusMetrics
import ReportAPI
import ReportController
import Testing

/// Two operators over one namespace, which nobody should have.
@Suite struct OtherOperatorTests {
    @Test func bothReportTheOther() async throws {
        try await TestBed.run(operatorName: "one/report-operator") { bed in
            try await bed.withOperator(bed.cluster.configuration, name: "two/report-operator") { second in
                try await second.waitUntilReady()
                try await bed.createPipeline()
                try await bed.createRequest()
                try await bed.wait(phase: .succeeded)
                for (instance, other) in [(bed.operator, "two"), (second, "one")] {
                    try await instance.log.wait(
                        for: "warning", "Another operator acts for the same namespace", "other=\(other)/report-operator"
                    )
                    #expect(instance.metrics.render().contains("report_operator_other_operators 1"))
                }
                try await bed.cluster.wait(forAll: Event.self, in: bed.namespace, "both report it in events") {
                    events in
                    events.count { $0.reason == "OtherOperator" } == 2
                }
            }
            // Each stage ran once all the same.
            #expect(try bed.jobCreations().values.map { $0 } == [1])
        }
    }

    @Test func oneAloneReportsNothingAndWritesItsNameWithItsMark() async throws {
        try await TestBed.run(operatorName: "one/report-operator") { bed in
            try await bed.createPipeline()
            try await bed.createRequest()
            let request = try await bed.wait(phase: .succeeded)
            #expect(request.takenBy == "one/report-operator" && request.otherOperator == nil)
            #expect(bed.operator.metrics.render().contains("report_operator_other_operators 0"))
            #expect(!bed.operator.log.contains("Another operator acts for the same namespace"))
        }
    }
}
