import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient

/// Waits for a delivery's end, and ends the program as it did.
enum DeliveryEnd {
    private enum Heard: Sendable {
        case change(LiveList<ReportDelivery>.Change)
        case interrupted
    }

    /// `look`: what to type to see it again.
    static func wait(for delivery: ReportDelivery, session: Session, look: String) async throws {
        let terminal = Terminal.standardOutput()
        let end = try await session.explaining {
            try await follow(delivery, session) { line in Out.hint(line, color: terminal.usesColor) }
        }
        switch end {
        case .delivered: return
        case .partlyDelivered, .failed:
            Out.hint("  why: \(look)")
            throw ExitCode.failed
        case .pending, .rendering, .sending, nil:
            throw Trouble("\(delivery.metadata.name) was deleted meanwhile; what was not sent yet isn't sent")
        }
    }

    /// - Returns: the phase that it ended in; nil where it was deleted.
    private static func follow(
        _ delivery: ReportDelivery, _ session: Session, _ tell: (StyledText) -> Void
    ) async throws -> ReportDeliveryStatus.Phase? {
        let list = LiveList<ReportDelivery>(
            session.cluster, namespace: delivery.metadata.namespace,
            fieldSelector: "metadata.name=\(delivery.metadata.name)")
        let (events, sink) = AsyncThrowingStream.makeStream(of: Heard.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                do { try await list.run { sink.yield(.change($0)) } } catch is CancellationError {
                } catch { sink.finish(throwing: error) }
            }
            group.addTask { await Interruption.run { sink.yield(.interrupted) } }
            var narrator = DeliveryNarrator()
            for try await heard in events {
                switch heard {
                case .change(.objects(let objects)):
                    let found = objects.first { $0.metadata.uid == delivery.metadata.uid }
                    guard let found else { return nil }
                    narrator.lines([KnownDelivery(found)]).forEach(tell)
                    if let phase = found.status?.phase, phase.isTerminal { return phase }
                case .change(.lost(let message)):
                    tell(StyledText("the connection to the API server is lost, trying again (\(message))"))
                case .change(.recovered): tell("connected again")
                case .interrupted:
                    tell("The delivery continues; only the waiting has ended.")
                    throw ExitCode.interrupted
                }
            }
            return nil
        }
    }
}

/// Tells deliveries in lines, each state once.
struct DeliveryNarrator: Sendable {
    private var told: [String: String] = [:]

    var hasTold: Bool { !told.isEmpty }

    mutating func lines(_ deliveries: [KnownDelivery]) -> [StyledText] {
        deliveries.compactMap { delivery in
            guard let phase = delivery.phase else { return nil }
            let detail = [delivery.sent, delivery.message?.firstLine ?? ""].filter { !$0.isEmpty }.joined(
                separator: "  ")
            let state = "\(phase.rawValue)  \(detail)"
            guard told.updateValue(state, forKey: delivery.name) != state else { return nil }
            return StyledText(delivery.name) + "  " + StyledText(phase.rawValue, .of(phase)).padded(to: 10) + "  "
                + StyledText(detail)
        }
    }
}
