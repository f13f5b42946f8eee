import ArgumentParser
import KubernetesModel
import ReportAPI
import ReportClient

/// Waits for several runs at once, by a watch each.
struct RunsWait {
    private enum Heard: Sendable {
        case ended(Int, Result<RunFollowing.Outcome, Trouble>)
        case interrupted
        case timeIsUp
    }

    let session: Session
    /// Nil: for ever.
    let limit: ReportDuration?

    /// Tells of each as it ends; what went wrong with one is noted in `each`.
    func wait(for requests: [ReportRequest], _ each: inout EachName) async throws {
        // What was over when it was read needs no watch, and is told however little time is given.
        var running: [ReportRequest] = []
        for request in requests {
            if let outcome = Self.outcome(of: request) {
                _ = try await each.run { try tell(outcome, request.metadata.name) }
            } else {
                running.append(request)
            }
        }
        try await follow(running, &each)
    }

    private func follow(_ requests: [ReportRequest], _ each: inout EachName) async throws {
        guard !requests.isEmpty else { return }
        try await withThrowingTaskGroup(of: Heard.self) { group in
            defer { group.cancelAll() }
            for source in sources(requests) { group.addTask { await source() } }
            var left = Set(requests.indices)
            while !left.isEmpty, let heard = try await group.next() {
                switch heard {
                case .ended(let index, let end):
                    left.remove(index)
                    _ = try await each.run { try tell(try end.get(), requests[index].metadata.name) }
                case .interrupted:
                    Out.hint("\nThe runs continue; only the waiting has ended.")
                    throw ExitCode.interrupted
                case .timeIsUp:
                    throw late(left.sorted().map { requests[$0].metadata.name })
                }
            }
        }
    }

    private func late(_ names: [String]) -> Trouble {
        let words = names.joined(separator: ", ") + (names.count == 1 ? " is" : " are")
        return Trouble(
            "\(words) not over after \(limit?.description ?? ""); what runs continues",
            advice: names.prefix(3).map { session.command("describe", $0) })
    }

    private func tell(_ outcome: RunFollowing.Outcome, _ name: String) throws {
        if case .finished(let status, _) = outcome { Out.line("\(name) \(status.phase?.rawValue ?? "")") }
        try RunEnd.conclude(outcome, name, session: session, terminal: .standardOutput())
    }

    private func sources(_ requests: [ReportRequest]) -> [@Sendable () async -> Heard] {
        var sources: [@Sendable () async -> Heard] = requests.enumerated().map { index, request in
            { .ended(index, await end(of: request, tellsNotes: index == 0)) }
        }
        sources.append {
            await Interruption.first()
            return .interrupted
        }
        if let limit {
            sources.append {
                try? await Task.sleep(for: .seconds(limit.seconds))
                return .timeIsUp
            }
        }
        return sources
    }

    /// Nil while it isn't over.
    private static func outcome(of request: ReportRequest) -> RunFollowing.Outcome? {
        var following = RunFollowing(request, attempt: attempt(of: request), readsLogs: false)
        for case .end(let outcome) in following.hear(.requests([request])) { return outcome }
        return nil
    }

    private static func attempt(of request: ReportRequest) -> Int { request.spec.value?.attempt ?? 1 }

    /// `tellsNotes`: that the server is away is told once, and not for each run.
    private func end(of request: ReportRequest, tellsNotes: Bool) async -> Result<RunFollowing.Outcome, Trouble> {
        do {
            return .success(
                try await session.explaining {
                    try await RunFollower(session.cluster).follow(request, attempt: Self.attempt(of: request)) {
                        change in
                        if tellsNotes, case .note(let note) = change { Out.hint(RunView.text(note)) }
                    }
                })
        } catch {
            return .failure(error as? Trouble ?? Trouble("\(error)"))
        }
    }
}
