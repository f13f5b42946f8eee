import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the cluster, your permissions, the operator, the courier and its channels, MongoDB and Redis.",
        discussion: """
            Says what to fix. Looks at the requests, schedules, triggers and deliveries of the namespace, or with -A at those of all \
            of them; permissions are those in the one namespace. Exits with 1 if a check failed; warnings don't count.

            For example: doctor -n finance
                         doctor -A -o json
            """)

    @Option(
        help: "A file that holds Redis' address. Default: $REDIS_URL, then the Secret of the installation.",
        completion: .file())
    var redisUrlFile: String?

    @OptionGroup var courier: CourierOptions
    @OptionGroup var records: RecordOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var scope: ScopeOptions

    func run() async throws {
        let session = try scope.cluster.session()
        let findings = await Doctor(
            session: session, isEverywhere: scope.allNamespaces, records: records, redisFile: redisUrlFile,
            courierNamespace: courier.courierNamespace == CourierOptions.defaultNamespace
                ? records.installation.operatorNamespace : courier.courierNamespace
        ).findings()
        switch output.output {
        case .json, .yaml: try Out.encoded(findings, as: output.output ?? .json)
        case .wide, .name, nil:
            let terminal = Terminal.standardOutput()
            let width = findings.map(\.subject.count).max() ?? 0
            for line in findings.flatMap({ $0.lines(subjectWidth: width) }) {
                Out.line(line.rendered(color: terminal.usesColor))
            }
        }
        if findings.contains(where: { $0.level == .failure }) { throw ExitCode.failed }
    }
}
