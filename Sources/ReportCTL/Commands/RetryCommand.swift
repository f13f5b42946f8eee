import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Resume a Failed or Cancelled run at the stages that have not succeeded.",
        discussion: """
            With the pipeline and the parameters that it was accepted with. A request that was restored from a backup begins \
            anew, with its pipeline as it is now.
            """)

    @Argument(help: "The request.", completion: Completion.requests)
    var name: String

    @OptionGroup var follow: FollowOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws { try NameArgument.check(name, of: "request") }

    func run() async throws {
        let session = try cluster.session()
        while true {
            let request = try await session.request(name)
            let attempt = try Self.nextAttempt(of: request, command: session.command)
            // Two that retry at once are to make one attempt: the second finds it running.
            let merge: JSONValue = .object([
                "metadata": .object(["resourceVersion": .string(request.metadata.resourceVersion)]),
                "spec": .object(["attempt": .integer(Int64(attempt)), "cancel": .bool(false)]),
            ])
            let patched: ReportRequest
            do throws(KubernetesError) {
                patched = try await session.client.patch(
                    ReportRequest.self, name: name, namespace: session.namespace, merge: merge)
            } catch {
                if error.isConflict { continue }
                throw Trouble(error, session: session)
            }
            follow.announce("\(name) begins attempt \(attempt)")
            if follow.wait || follow.follow {
                return try await follow.conclude(patched, attempt: attempt, session: session)
            }
            return Out.hint("  watch: \(session.command("watch", name))")
        }
    }

    /// `command`: makes of words what to type.
    static func nextAttempt(of request: ReportRequest, command: (String...) -> String) throws(Trouble) -> Int {
        let name = request.metadata.name
        let status = request.status
        let latest = max(status?.attempt ?? 1, request.spec.value?.attempt ?? 1)
        let anew = [
            command("submit", request.spec.value?.pipelineRef?.name ?? "PIPELINE", "-p", "NAME=VALUE")
        ]
        guard !request.metadata.isDeleting else {
            throw Trouble("\(name) is being deleted and can't be retried: make a new request", advice: anew)
        }
        // Whatever became of the report that it is a copy of.
        if let status, status.isRestored, latest == status.attempt ?? 1 { return latest + 1 }
        switch status?.phase {
        case .failed where latest == status?.attempt ?? 1, .cancelled where latest == status?.attempt ?? 1:
            return latest + 1
        case .succeeded:
            throw Trouble(
                "\(name) has already succeeded and can't be retried: make a new request",
                advice: anew)
        case .failed, .cancelled, .queued, .running, .cancelling, nil:
            throw Trouble(
                "\(name) is not over: attempt \(latest) is \(status?.phase?.rawValue ?? "not begun yet")",
                advice: [command("watch", name), command("cancel", name)])
        }
    }
}
