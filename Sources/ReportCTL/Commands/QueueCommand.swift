import ArgumentParser
import FoundationEssentials
import KubernetesModel
import Logging
import ReportAPI
import ReportClient
import ReportPlanning
import ReportStores

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Show the queues: which runs hold a slot, and which wait, in order.",
        discussion: """
            For runs that take turns with other clusters it also asks Redis which run holds the lock, if its address is known: \
            by --redis-url-file, $REDIS_URL, or the installation's Secret. Where something waits it asks MongoDB how long past \
            runs took, if its address is known in the same ways, and says about when each starts: by the median of the last 30 \
            that succeeded.

            For example: queue -n finance
            """)

    @Option(help: "A file that holds Redis' address.", completion: .file())
    var redisUrlFile: String?

    @OptionGroup var record: RecordOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var scope: ScopeOptions

    func run() async throws {
        let session = try scope.cluster.session()
        let namespace = scope.namespace(of: session)
        let requests = try await session.explaining {
            try await session.cluster.items(ReportRequest.self, namespace: namespace)
        }
        let now = Timestamp(Date.now)
        let history = await history(of: requests, session)
        var groups = QueueGroup.all(Expectations(requests, history: history ?? RunHistory(), now: now))
        await askForLocks(&groups, requests, session)
        switch output.output {
        case .json, .yaml: return try Out.encoded(groups, as: output.output ?? .json)
        case .name:
            return groups.flatMap(\.waiting).forEach { Out.line("reportrequest.\(ReportsAPI.group)/\($0.name)") }
        case .wide, nil: break
        }
        let unaccepted = QueueGroup.unaccepted(requests)
        guard !groups.isEmpty || !unaccepted.isEmpty else {
            return Out.hint("Nothing runs and nothing waits. What is over: \(scope.command("list", session: session))")
        }
        let terminal = Terminal.standardOutput()
        let lines = QueueView.lines(
            groups, unaccepted: unaccepted, now: now, showsNamespace: scope.allNamespaces, expects: history != nil)
        for line in lines { Out.line(line.rendered(color: terminal.usesColor)) }
    }

    /// How long past runs of what runs and waits took; nil where nothing waits, or MongoDB can't be asked.
    private func history(of requests: [ReportRequest], _ session: Session) async -> RunHistory? {
        let live = requests.filter { $0.status?.isTerminal == false }
        guard live.contains(where: { $0.status?.phase == .queued && $0.status?.accepted != nil }) else { return nil }
        let pipelines = Set(
            live.compactMap { request in
                request.spec.value?.pipelineRef.map {
                    ObjectKey(namespace: request.metadata.namespace, name: $0.name)
                }
            })
        do {
            let store = try await record.store(session)
            var durations: [ObjectKey: [Int64]] = [:]
            for pipeline in pipelines {
                durations[pipeline] = try await session.explaining {
                    try await store.ask { store throws(StoreTrouble) in
                        try await store.durations(
                            ofPipeline: pipeline.name, namespace: pipeline.namespace, limit: RunHistory.length)
                    }
                }
            }
            return RunHistory(durations)
        } catch let trouble as Trouble {
            Out.hint("When those that wait will start isn't known: \(trouble.message)")
        } catch {
            Out.hint("When those that wait will start isn't known: \(error)")
        }
        return nil
    }

    /// As far as it can be told: what the cluster knows is shown in any case.
    private func askForLocks(
        _ groups: inout [QueueGroup], _ requests: [ReportRequest], _ session: Session
    ) async {
        let shared = groups.indices.filter { groups[$0].scope == "Shared" }
        guard !shared.isEmpty else { return }
        do {
            let redis = try await RedisAddress.connection(redisUrlFile, record.installation, session)
            defer { redis.close() }
            let names = Dictionary(requests.map { ($0.metadata.uid, $0.metadata.name) }) { first, _ in first }
            for index in shared {
                let standing = try await redis.standing(of: "\(groups[index].namespace)/\(groups[index].key)")
                groups[index].elsewhere = .init(
                    holders: standing.holders.map { names[$0] ?? $0 }, line: standing.line.map { names[$0] ?? $0 })
            }
        } catch let trouble as Trouble {
            Out.hint("Which run holds the shared lock in other clusters isn't known: \(trouble.message)")
        } catch {
            Out.hint("Which run holds the shared lock in other clusters isn't known: \(error)")
        }
    }
}

/// Redis, by the address that is known.
enum RedisAddress {
    static func connection(
        _ file: String?, _ installation: InstallationOptions, _ session: Session
    ) async throws -> RedisView {
        let address = try await installation.address(
            .redis, file: file, option: "--redis-url-file", session: session)
        do throws(AddressFault) {
            return try RedisView(address: address.text, logger: .quiet)
        } catch {
            throw Trouble("\(address.source): \(error)", code: .usage)
        }
    }
}

extension Logger {
    /// For libraries whose errors are told by what they fail.
    static var quiet: Logger {
        var logger = Logger(label: "reportctl") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        return logger
    }
}
