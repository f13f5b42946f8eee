import ArgumentParser
import KubernetesModel
package import PrometheusMetrics

/// What people call the cluster that a daemon works in.
package struct ClusterNameOption: ParsableArguments {
    @Option(
        help: """
            What this cluster is called, for records, events, metrics, notices and the page where several share a MongoDB \
            or a mailbox: letters, digits, -, _ and ., at most 63. Default: none.
            """)
    package var clusterName = ""

    /// As it is told; nil where none is given.
    package var told: String? { clusterName.isEmpty ? nil : clusterName }

    package init() {}

    package func validate() throws {
        guard NameForm.isLabelValue(clusterName) else {
            throw ValidationError(
                "--cluster-name: \"\(clusterName)\" is not a cluster's name; allowed are at most 63 letters, digits, -, _ "
                    + "and ., with a letter or digit at both ends, such as plant-2")
        }
    }

    /// Tells of the cluster in the program's metrics. `program`: what their names begin with.
    package func register(in registry: MetricsRegistry, program: String) {
        guard let told else { return }
        registry.gauge(
            "\(program)_cluster_info", help: "Always 1; its label says what the cluster is called (--cluster-name).",
            labels: [("cluster_name", told)]
        ).set(1)
    }
}
