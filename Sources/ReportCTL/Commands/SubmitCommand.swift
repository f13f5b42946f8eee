import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient
import ReportPlanning

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Ask for a report.",
        discussion: """
            The parameters are checked against the pipeline before anything is made. Where the same report is running, or \
            ended within a day, it says so, and in a terminal asks whether to go on. Prints the request's name; with -o json \
            or yaml, all of it.

            A trace goes on in the stages: \(TraceParent.variable) of the environment (W3C) is theirs too.

            For example: submit trial-balance -p period=2026-10 --wait
                         submit trial-balance -p period=2026-10 --format pdf --deliver mail:dana@example.com --deliver share
            """)

    @Argument(help: "The pipeline, as `pipelines` lists it.", completion: Completion.pipelines)
    var pipeline: String

    @Option(
        name: [.customShort("p"), .long],
        help: "A parameter, as NAME=VALUE. May be given several times, also for one that takes several values.")
    var parameter: [String] = []

    @Option(help: "The request's name. Default: the pipeline's, and five characters that make it unique.")
    var name: String?

    @Option(help: "Who asks: a name, an e-mail address, or \"NAME <ADDRESS>\". Default: the kubeconfig's user.")
    var requester: String?

    @Option(
        help: """
            Where the report goes: a channel, or CHANNEL:ADDRESS,… for mail. May be given several times. Default: where \
            the pipeline says, else the default channels.
            """, completion: Completion.channels)
    var deliver: [String] = []

    // What begins with a dash is a value too: a negative one.
    @Option(
        parsing: .unconditional, help: "-1000 to 1000: runs with a higher priority start first.")
    var priority: Int?

    @Option(help: "Output format of the report: \(OutputFormat.list). May be given several times.")
    var format: [String] = []

    @Option(
        parsing: .unconditional,
        help: "How long the request is kept after its end, such as 24h. Default: until it is deleted.")
    var ttl: String?

    @Flag(name: .shortAndLong, help: "Don't ask, though the same report is running or ended within a day.")
    var yes = false

    @Flag(help: "Check everything, and print the manifest instead of creating it.")
    var dryRun = false

    @OptionGroup var follow: FollowOptions
    @OptionGroup var courier: CourierOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        try NameArgument.check(pipeline, of: "pipeline")
        if let name, !NameForm.isSubdomain(name) {
            throw ValidationError("--name: \(NameArgument.fault(name, "request")); \(NameArgument.form)")
        }
        for text in deliver { _ = try DeliverArgument.entry(text) }
    }

    func run() async throws {
        let session = try cluster.session()
        let spec = try spec(session)
        let (found, run) = try await check(spec, session)
        try await tellOfSimilar(to: run, of: found, session)
        if dryRun {
            let manifest = try Submission.manifest(
                name: name ?? "\(pipeline)-", isWhole: name != nil, spec: spec, traceParent: traceParent)
            return try Out.value(manifest, as: output.output == .json ? .json : .yaml)
        }
        let request = try await create(spec, session)
        let created = request.metadata.name
        switch output.output {
        case .json, .yaml:
            let whole = try await session.whole(ReportRequest.resourceKind, created)
            try Out.value(whole, as: output.output ?? .json)
        case .name: Out.line("reportrequest.\(ReportsAPI.group)/\(created)")
        case .wide, nil: follow.announce("reportrequest.\(ReportsAPI.group)/\(created) created")
        }
        if follow.wait || follow.follow {
            try await follow.conclude(request, attempt: 1, session: session)
        } else if output.output == nil {
            Out.hint("  watch: \(session.command("watch", created))")
            Out.hint("  logs:  \(session.command("logs", created, "-f"))")
        }
    }

    /// As programs of a build or a script hand it on.
    private var traceParent: TraceParent? { Program.environment[TraceParent.variable].flatMap(TraceParent.init) }

    private func create(_ spec: ReportRequestSpec, _ session: Session) async throws -> ReportRequest {
        let submission = Submission(session.cluster, spec: spec, traceParent: traceParent)
        guard let name else { return try await session.explaining { try await submission.create(base: pipeline) } }
        guard let request = try await session.explaining({ try await submission.create(name: name) }) else {
            throw Trouble(
                "there is a report request \"\(name)\" already",
                advice: [session.command("describe", name), "or leave --name out, for a name of its own"], code: .usage)
        }
        return request
    }

    private func spec(_ session: Session) throws -> ReportRequestSpec {
        if let priority, !(-1000...1000).contains(priority) {
            throw ValidationError("--priority: \(priority) is out of bounds; allowed are -1000 to 1000")
        }
        var seconds: Int?
        if let ttl {
            guard let length = ReportDuration(ttl) else {
                throw ValidationError(
                    "--ttl: \"\(ttl)\" is not a length of time such as 90s, 15m or 24h (at most 720h)")
            }
            seconds = Int(length.seconds)
        }
        if let wrong = format.first(where: { OutputFormat(rawValue: $0) == nil }) {
            throw ValidationError("--format: \"\(wrong)\" is not one of \(OutputFormat.list)")
        }
        return ReportRequestSpec(
            pipelineRef: .init(name: pipeline),
            parameters: parameter.isEmpty ? nil : try SubmissionArguments.parameters(parameter),
            requester: try SubmissionArguments.requester(requester, configuration: session.configuration),
            output: format.isEmpty ? nil : .init(formats: format),
            deliver: deliver.isEmpty ? nil : try deliver.map { try DeliverArgument.entry($0) },
            priority: priority,
            ttlSecondsAfterFinished: seconds)
    }

    /// What is there already. It is a service: where requests can't be listed, nothing is said.
    private func tellOfSimilar(to run: AcceptedRun?, of pipeline: ReportPipeline, _ session: Session) async throws {
        guard let run,
            let requests = try? await session.cluster.items(ReportRequest.self, namespace: session.namespace)
        else { return }
        let now = Timestamp(Date.now)
        let similar = SimilarRequests.find(
            in: requests, pipeline: pipeline, parameters: run.parameters, now: now)
        SimilarView.lines(similar, now: now, command: session.command).forEach { Out.hint($0) }
        guard !yes, !dryRun, SimilarView.asks(similar), let goesOn = Question.ask("Ask for it again?") else { return }
        guard goesOn else {
            Out.hint("Nothing was asked for.")
            throw ExitCode.interrupted
        }
    }

    /// What the operator would say to it, before there is anything.
    private func check(
        _ spec: ReportRequestSpec, _ session: Session
    ) async throws -> (ReportPipeline, AcceptedRun?) {
        let found = try await session.pipeline(pipeline, code: .usage)
        try await checkChannels(spec, session)
        let draft = ReportRequest(
            metadata: ObjectMeta(name: name ?? pipeline, namespace: session.namespace), spec: spec)
        switch Acceptance.judge(draft, pipeline: found) {
        case .accepted(let run): return (found, run)
        case .pipelineMissing: return (found, nil)
        case .refused(let faults):
            throw Trouble(
                "\(pipeline) can't be asked for like this:\n"
                    + faults.map { "  - " + SubmissionArguments.forCommandLine($0) }.joined(separator: "\n"),
                advice: ["see what it takes: \(session.command("pipelines", pipeline))"], code: .usage)
        }
    }

    /// Against channels that may be looked at: what is wrong with an entry would show when the run is over.
    private func checkChannels(_ spec: ReportRequestSpec, _ session: Session) async throws {
        let channels = Channels(session, in: courier.courierNamespace)
        for (text, entry) in zip(deliver, spec.deliver ?? []) {
            guard let found = try await channels.ifVisible(entry.channel) else { continue }
            var entry = entry
            // A mail to nobody goes to the requester.
            if entry.to == nil, found.type == .mail, let email = spec.requester?.email { entry.to = [email] }
            let faults = DeliverArgument.faults(in: entry, channel: found)
            guard faults.isEmpty else {
                throw Trouble(
                    "--deliver \(text): " + faults.joined(separator: "; "),
                    advice: [channels.command("channels", entry.channel)], code: .usage)
            }
        }
    }
}
