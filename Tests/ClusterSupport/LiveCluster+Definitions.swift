extension LiveCluster {
    /// The resources of the project, as `crds/` names its files.
    package static let definitions = ["reportpipelines", "reportrequests", "reportschedules"]

    /// Waits until the server serves a definition that has just been made.
    package func wait(forDefinition name: String, within limit: Duration = .seconds(120)) async throws {
        var errors = ""
        // kubectl gives up at once where the server has not yet written any condition.
        try await eventually("\(name) is established: \(errors)", within: limit, every: .milliseconds(100)) {
            let result = try await kubectlResult([
                "wait", "--for=condition=Established", "--timeout=30s", "crd/\(name).reports.ers.dev",
            ])
            errors = result.errors
            return result.status == 0
        }
    }
}
