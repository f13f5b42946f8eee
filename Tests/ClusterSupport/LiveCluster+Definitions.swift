extension LiveCluster {
    /// The resources of the project, as `crds/` names its files.
    package static let definitions = ["reportpipelines", "reportrequests", "reportschedules"]

    /// Waits until the server serves a definition that has just been made.
    package func wait(forDefinition name: String, within limit: Duration = .seconds(120)) async throws {
        let deadline = ContinuousClock.now + limit
        while true {
            let result = try await kubectlResult([
                "wait", "--for=condition=Established", "--timeout=30s", "crd/\(name).reports.ers.dev",
            ])
            if result.status == 0 { return }
            guard ContinuousClock.now < deadline else {
                throw DeadlineExceeded(description: "\(name) is not established: \(result.errors)")
            }
            // kubectl gives up at once where the server has not yet written any condition.
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
