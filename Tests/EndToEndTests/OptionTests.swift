import ClusterSupport
import Testing

/// What is wrong with the options is said once, and nothing is started.
@Suite(.needsCluster, .mostlyWaiting)
struct OptionTests {
    @Test(arguments: [
        (["--workers", "0"], "--workers: 0 is out of bounds; allowed are 1 to 64"),
        (["--workers", "many"], "--workers"),
        (["--status-address", "nonsense"], "--status-address"),
        (["--status-address", "nowhere.example:80"], "nowhere.example:80: it is not an IP address"),
        (["--kubeconfig", "/no/such/file"], "/no/such/file"),
        (["--context", "unknown"], "unknown"),
        (["--namespace", "Not_A_Name"], "--namespace: \"Not_A_Name\" is not the name of a namespace"),
        (["--log-level", "loud"], "--log-level"),
        (
            ["--inline-pipelines", "!!!=="],
            "--inline-pipelines: \"!!!==\" is not Allowed, Forbidden or a label selector of namespaces, such as team=finance"
        ),
        (["--inline-pipelines", "forbidden"], "the word begins with a capital"),
        (["--inline-pipelines", "a=b", "--namespace", "x"], "allowed are Allowed and Forbidden"),
        (["--cluster-name", "plant 2"], "--cluster-name: \"plant 2\" is not a cluster's name; allowed are"),
        (["--no-such-option"], "--no-such-option"),
    ])
    func badOptionGivesOneClearError(options: [String], message: String) async throws {
        let result = try await OperatorProcess.result(["run", "--status-address", "off"] + options)
        #expect(result.status == 64)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count { $0.contains("rror: ") } == 1, "\(result.errors)")
    }
}
