import ArgumentParser
import DaemonSupport
import KubernetesClient
import PrometheusMetrics
import Testing

/// What a daemon is told of its cluster, and of others of its kind in it.
struct ClusterOptionsTests {
    private let inPod = ClientConfiguration(server: "https://10.0.0.1", namespace: "finance")

    @Test func oneWithALeaseIsKnownByIt() throws {
        #expect(try ClusterOptions.parse([]).sharedName("report-operator", inPod) == "finance/report-operator")
        let elsewhere = try ClusterOptions.parse(["--leader-election-namespace", "leases"])
        #expect(elsewhere.sharedName("report-operator", inPod) == "leases/report-operator")
    }

    /// Else each restart would look like a second one.
    @Test func oneWithoutIsKnownByWhatStaysTheSame() throws {
        let options = try ClusterOptions.parse(["--leader-election", "off"])
        #expect(options.sharedName("report-operator", inPod) == "finance/report-operator without a Lease")
        var byHand = inPod
        byHand.contextName = "plant"
        let name = try ClusterOptions.parse([]).sharedName("report-operator", byHand)
        #expect(name.hasPrefix("report-operator without a Lease on ") && !name.contains("finance"))
        #expect(try ClusterOptions.parse([]).sharedName("report-operator", byHand) == name)
    }

    @Test func theClustersNameStandsInTheMetrics() throws {
        let registry = MetricsRegistry()
        try ClusterNameOption.parse(["--cluster-name", "plant-2"]).register(in: registry, program: "report_operator")
        #expect(registry.render().contains(#"report_operator_cluster_info{cluster_name="plant-2"} 1"#))
        let silent = MetricsRegistry()
        try ClusterNameOption.parse([]).register(in: silent, program: "report_operator")
        #expect(!silent.render().contains("cluster_info"))
        #expect(throws: (any Error).self) { try ClusterNameOption.parse(["--cluster-name", "plant 2"]) }
    }
}
