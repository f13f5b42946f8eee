import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient

/// Shows what is sent where once a run is over: for a while, since a mail server may be away for a day.
struct RunDeliveries: Sendable {
    let session: Session
    let terminal: Terminal
    /// How long the first is waited for, and all of them.
    var patience: (first: Duration, all: Duration) = (.seconds(5), .seconds(60))

    private enum Heard: Sendable {
        case deliveries([ReportDelivery])
        case late
        case over
        case interrupted
    }

    /// Says nothing of a run that nothing is to be delivered of.
    func watch(_ request: ReportRequest, _ status: ReportRequestStatus) async throws {
        // What is there before the end is of earlier attempts, or sent by hand.
        let present: [ReportDelivery]
        do {
            present = try await session.cluster.deliveries(of: request.reportID, namespace: session.namespace)
        } catch { return }
        guard Self.isExpected(status) || present.contains(where: { !KnownDelivery($0).isOver }) else { return }
        var narrator = DeliveryNarrator()
        var hasUnfinished = true
        for try await heard in events(of: request.reportID) {
            switch heard {
            case .deliveries(let deliveries):
                let known = deliveries.map { KnownDelivery($0) }
                for line in narrator.lines(known) { Out.line(line.rendered(color: terminal.usesColor)) }
                hasUnfinished = known.isEmpty || known.contains { !$0.isOver }
                if !hasUnfinished { return }
            case .late where narrator.hasTold: continue
            case .late, .over:
                Out.hint("  what is sent where: \(session.command("deliveries", request.metadata.name))")
                return
            case .interrupted: throw ExitCode.interrupted
            }
        }
    }

    /// Whether the run's end is to be delivered, or already is.
    static func isExpected(_ status: ReportRequestStatus) -> Bool {
        status.condition(.delivered) != nil || status.awaitsDeliveries
    }

    private func events(of report: String) -> AsyncThrowingStream<Heard, any Error> {
        let (events, sink) = AsyncThrowingStream.makeStream(of: Heard.self)
        let list = LiveList<ReportDelivery>(session.cluster, namespace: session.namespace)
        let task = Task { [patience] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await list.run { change in
                            guard case .objects(let all) = change else { return }
                            sink.yield(.deliveries(all.filter { $0.spec.value?.reportID.isSame(as: report) == true }))
                        }
                    } catch { sink.finish() }
                }
                group.addTask { await Interruption.run { sink.yield(.interrupted) } }
                for (pause, word) in [(patience.first, Heard.late), (patience.all, .over)] {
                    group.addTask { if (try? await Task.sleep(for: pause)) != nil { sink.yield(word) } }
                }
            }
        }
        sink.onTermination = { _ in task.cancel() }
        return events
    }
}
