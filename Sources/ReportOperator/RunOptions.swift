import ArgumentParser
import DaemonSupport
import KubernetesModel
import ReportPlanning

/// Everything that can be set from outside, read and checked once.
struct RunOptions: ParsableArguments {
    @OptionGroup var cluster: ClusterOptions

    @Option(name: .shortAndLong, help: "The one namespace to work in. Default: all namespaces.")
    var namespace: String?

    @OptionGroup var daemon: DaemonOptions

    @Option(help: "Requests that are worked on at once, 1 to 64.")
    var workers = 4

    @OptionGroup var mongodb: MongoOptions

    @Option(
        help: "Whether the last 64 KiB of what each stage prints are kept with its record: on or off.")
    var stageLogs: StageLogMode = .on

    @Option(
        help:
            "Redis' address (redis:// or rediss://), for requests, events and shared locks. Visible in process listings."
    )
    var redisUrl: String?

    @Option(help: "A file that holds Redis' address.")
    var redisUrlFile: String?

    @Option(
        help: """
            Whether to run pipelines that requests and schedules bring themselves: Allowed, Forbidden, or a label \
            selector for the namespaces where they run, such as team=finance or 'tier in (core,trusted)'.
            """)
    var inlinePipelines = InlinePipelineRule.allowed.description

    /// What `inlinePipelines` says.
    func inlinePipelineRule() throws -> InlinePipelineRule {
        do throws(InlinePipelineRule.Fault) {
            return try InlinePipelineRule(inlinePipelines)
        } catch {
            throw ValidationError("--inline-pipelines: \(error)")
        }
    }

    @Option(
        help: """
            The namespace of the courier and its channels. Without it no deliveries are made: what requests and \
            pipelines have in deliver is not sent.
            """)
    var courierNamespace: String?

    @Option(help: "The namespace of requests from Redis that name none. Default: --namespace, or else default.")
    var intakeNamespace: String?

    @Flag(help: "Take pipelines from messages in Redis, too: who may write to the stream may then run anything.")
    var intakeInlinePipelines = false

    @Flag(help: "Let messages in Redis say whom a report is sent to, and with what words, besides naming channels.")
    var intakeRecipients = false

    @Option(help: "Seconds that a namespace may refuse a message from Redis before it is rejected, 1 to 86400.")
    var intakePatience = 900

    @Option(help: "The stream in Redis that requests are taken from, or off. A stream belongs to one cluster.")
    var intakeStream = "reports:requests"

    @Option(help: "This operator's name among those that take requests from Redis; the same after a restart.")
    var intakeConsumer: String = "report-operator"

    @Option(
        help: "Seconds, 5 to 3600: how long the operator may be away before losing its shared locks.")
    var sharedLockLease = 120

    func validate() throws {
        guard (1...64).contains(workers) else {
            throw ValidationError("--workers: \(workers) is out of bounds; allowed are 1 to 64")
        }
        guard (5...3600).contains(sharedLockLease) else {
            throw ValidationError("--shared-lock-lease: \(sharedLockLease) is out of bounds; allowed are 5 to 3600")
        }
        guard (1...86400).contains(intakePatience) else {
            throw ValidationError("--intake-patience: \(intakePatience) is out of bounds; allowed are 1 to 86400")
        }
        let rule = try inlinePipelineRule()
        if let namespace, case .labelled = rule {
            throw ValidationError(
                "--inline-pipelines: \"\(inlinePipelines)\" selects namespaces, and with --namespace there is only "
                    + "\"\(namespace)\"; allowed are Allowed and Forbidden")
        }
        if redisUrl != nil, redisUrlFile != nil {
            throw ValidationError("--redis-url and --redis-url-file exclude each other; give one")
        }
        try ClusterOptions.check(intakeNamespace, option: "--intake-namespace")
        if let namespace, let intakeNamespace, intakeNamespace != namespace {
            throw ValidationError(
                "--intake-namespace: \"\(intakeNamespace)\" is not the --namespace that the operator works in, \"\(namespace)\""
            )
        }
        guard !intakeStream.isEmpty, !intakeConsumer.isEmpty else {
            throw ValidationError("--intake-stream and --intake-consumer must not be empty")
        }
        try ClusterOptions.check(namespace, option: "--namespace")
        try ClusterOptions.check(courierNamespace, option: "--courier-namespace")
    }
}

enum StageLogMode: String, CaseIterable, ExpressibleByArgument {
    case on, off
}
