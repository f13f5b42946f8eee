import AsyncSupport
import ControllerRuntime
import DeliveryChannels
import DeliveryPlanning
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI

/// Tries channels, for real: when they change, when a send through them has failed, and less and less often while they don't
/// work. Their condition says what came of it.
struct ChannelReconciler: Sendable {
    let cache: CourierCache
    let desk: ChannelDesk
    let factory: SenderFactory
    let intakes: IntakeStandings
    let writer: ClusterWriter
    /// Has the deliveries looked at that go through a channel.
    let wakeDeliveries: @Sendable (_ channel: String) -> Void
    let logger: Logger
    let now: @Sendable () -> Date

    /// How long a trial may take.
    static let patience: Duration = .seconds(30)
    private static let pauses = Backoff(first: .seconds(10), longest: .seconds(300))

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        do {
            return try await lookAt(key)
        } catch let error as Stale {
            logger.debug("Requeued", metadata: ["channel": "\(key)", "why": "\(error)"])
            return .lookAgain
        }
    }

    private func lookAt(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let channel = cache.channels.get(key) else {
            if key.namespace == cache.namespace {
                desk.forget(key.name)
                wakeDeliveries(key.name)
            }
            return .done
        }
        if let obstacle = ChannelCheck.obstacle(to: channel, courierNamespace: cache.namespace) {
            if key.namespace == cache.namespace {
                settle(.init(version: "", sender: nil, standing: .broken(obstacle.message)), channel)
            }
            return try await tell(channel, "False", obstacle.reason, obstacle.message)
        }
        guard let spec = channel.spec.value else { return .done }
        let version = factory.version(of: channel)
        var entry = desk.entry(key.name) ?? .init(version: "", sender: nil, standing: .untried)
        if entry.version != version || entry.sender == nil {
            entry = .init(version: version, sender: nil, standing: .untried)
            switch Result(catching: { () throws(ChannelFault) in try factory.sender(for: channel, spec) }) {
            case .success(let sender): entry.sender = sender
            case .failure(let fault):
                entry.standing = .broken(fault.description)
                settle(entry, channel)
                return try await tell(channel, "False", Reason.misconfigured, fault.description)
            }
        }
        guard let sender = entry.sender else { return .done }
        if entry.standing == .works { return try await tellThatItWorks(channel, entry.words) }
        return try await trial(of: sender, entry, channel)
    }

    private func trial(
        of sender: any ChannelSender, _ entry: ChannelDesk.Entry, _ channel: ReportChannel
    ) async throws -> ReconcileResult {
        var entry = entry
        let outcome = await sender.trial(by: .now + Self.patience)
        try Task.checkCancellation()
        let pause = Self.pauses.delay(failures: entry.failures)
        switch outcome {
        case .works(let words):
            entry.standing = .works
            entry.words = words
            entry.failures = 0
            settle(entry, channel)
            return try await tellThatItWorks(channel, words)
        case .unreachable(let words):
            entry.standing = .broken(words)
            entry.failures += 1
            settle(entry, channel)
            _ = try await tell(channel, "False", Reason.unreachable, "\(words); it is tried again")
            return .requeue(after: pause)
        case .misconfigured(let words):
            entry.standing = .broken(words)
            entry.failures += 1
            settle(entry, channel)
            _ = try await tell(channel, "False", Reason.misconfigured, words)
            // What is wrong may be mended on the other side, of which nobody tells.
            return .requeue(after: pause)
        }
    }

    /// What goes out does, and so deliveries go on; what comes in has a standing of its own.
    private func tellThatItWorks(_ channel: ReportChannel, _ words: String) async throws -> ReconcileResult {
        guard let intake = channel.spec.value?.mqtt?.intake else {
            return try await tell(channel, "True", Reason.channelWorks, words)
        }
        switch intakes.standing(of: channel.metadata.name) {
        case .reading:
            return try await tell(
                channel, "True", Reason.channelWorks,
                "\(words); takes requests in from \(intake.topic), and answers on \(intake.replyTopic)")
        case .connecting, nil:
            return try await tell(channel, "Unknown", Reason.connecting, "\(words); connecting to \(intake.topic)")
        case .failed(let trouble, let mayPass), .stuck(let trouble, let mayPass):
            return try await tell(
                channel, "False", mayPass ? Reason.unreachable : Reason.misconfigured,
                "no requests are taken in from \(intake.topic): \(trouble)")
        }
    }

    private func settle(_ entry: ChannelDesk.Entry, _ channel: ReportChannel) {
        guard desk.set(entry, for: channel.metadata.name) else { return }
        wakeDeliveries(channel.metadata.name)
    }

    private func tell(
        _ channel: ReportChannel, _ status: String, _ reason: String, _ message: String
    ) async throws -> ReconcileResult {
        let before = channel.status?.ready
        let message = message.head(bytes: 4096)
        let generation = channel.metadata.generation
        guard
            before?.status != status || before?.reason != reason || before?.message != message
                || channel.status?.observedGeneration != generation
        else { return .done }
        let isSame = before?.status == status
        let condition = Condition(
            type: ReportChannelStatus.readyCondition, status: status, reason: reason, message: message,
            lastTransitionTime: isSame ? before?.lastTransitionTime : Timestamp(now()),
            observedGeneration: generation)
        var after = ReportChannelStatus()
        after.observedGeneration = generation
        after.conditions = [condition]
        let patch = StatusPatch(resourceVersion: channel.metadata.resourceVersion, status: after)
        try await writer.patch(
            cache.channels, name: channel.metadata.name, namespace: channel.metadata.namespace, merge: patch,
            subresource: .status)
        if !isSame {
            logger.notice(
                "A channel was tried",
                metadata: ["channel": "\(channel.metadata.name)", "ready": "\(status)", "message": "\(message)"])
        }
        return .done
    }
}

/// The merge patch that sets a small status which has no member to take back.
struct StatusPatch<Status: Encodable & Sendable>: Encodable, Sendable {
    private struct Metadata: Encodable, Sendable { let resourceVersion: String }

    private let metadata: Metadata
    private let status: Status

    init(resourceVersion: String, status: Status) {
        metadata = Metadata(resourceVersion: resourceVersion)
        self.status = status
    }
}
