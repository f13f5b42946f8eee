import AsyncSupport
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import Synchronization

/// One process's way to a lease and through its time with it: carries out what `LeaderElectionState` decides.
final class LeaderCampaign: Sendable {
    private let client: KubernetesClient
    private let options: LeaderElector.Options
    private let leadership: Leadership
    private let clock: RuntimeClock
    private let metric: Gauge
    private let state: Mutex<LeaderElectionState>
    private let log: LeaderElectionLog

    init(elector: LeaderElector) {
        client = elector.client
        options = elector.options
        leadership = elector.leadership
        clock = elector.clock
        metric = elector.metric
        log = LeaderElectionLog(logger: elector.logger, namespace: elector.options.namespace)
        state = Mutex(LeaderElectionState(identity: options.identity, timing: options.timing))
    }

    /// Never returns: throws `LeadershipLost`, or `CancellationError` when the task is cancelled.
    func run() async throws {
        while true {
            try Task.checkCancellation()
            switch action() {
            case .read: await read()
            case .write(let version, let claim): await write(claim, over: version)
            case .wait(let until, nil): try await clock.sleep(max(.zero, until - clock.now()))
            case .wait(_, let version?): await follow(from: version)
            case .stepDown(let why):
                state.withLock { $0.steppedDown() }
                throw LeadershipLost(why: why)
            }
        }
    }

    /// Gives the lease back, as far as that can be done in a moment; else it runs out.
    func release() async {
        guard state.withLock({ $0.isLeading }) else { return }
        leadership.lose()
        metric.set(0)
        for _ in 0..<3 {
            guard let lease = state.withLock({ $0.lease }), lease.holder == options.identity else { break }
            switch await clear(version: lease.metadata.resourceVersion) {
            case .success: return log.released()
            // The last renewal's answer was lost with the shutdown.
            case .failure(let error) where error.isConflict: await read()
            case .failure(let error): return log.failed("give back", error)
            }
        }
    }

    private func action() -> LeaderElectionState.Action { state.withLock { $0.action(at: clock.now()) } }

    // MARK: Calls

    private func read() async {
        let result = await inTime { [client, options] () async throws(KubernetesError) in
            try await client.get(Lease.self, name: options.name, namespace: options.namespace)
        }
        switch result {
        case .success(let lease): saw(lease)
        case .failure(let error) where error.isNotFound && error.status != nil: saw(nil)
        case .failure(let error): failed("read", error)
        }
    }

    private func write(_ claim: LeaderElectionState.Claim, over version: String?) async {
        let begun = clock.now()
        let now = Lease.microTime(Date())
        let spec = Lease.Spec(
            holderIdentity: options.identity,
            leaseDurationSeconds: Int(options.timing.leaseDuration.components.seconds),
            acquireTime: claim.isNew ? now : nil, renewTime: now, leaseTransitions: claim.transitions)
        let result = if let version { await patch(spec, version: version) } else { await create(spec) }
        switch result {
        case .success(let written):
            let (mayActUntil, isNew) = state.withLock { state in
                let isNew = !state.isLeading
                state.wrote(written, begun: begun, jitter: .random(in: 0..<1))
                return (state.mayActUntil ?? begun, isNew)
            }
            leadership.hold(until: mayActUntil)
            metric.set(1)
            log.holds(isNew: isNew, identity: options.identity)
        case .failure(let error) where error.isConflict || error.isAlreadyExists || error.isNotFound:
            state.withLock { $0.conflicted(at: clock.now(), jitter: .random(in: 0..<1)) }
            if error.isNotFound, version == nil { log.failed("create", error) }
        case .failure(let error):
            failed(version == nil ? "create" : "write", error)
        }
    }

    private func create(_ spec: Lease.Spec) async -> Result<Lease, KubernetesError> {
        await inTime { [client, options] () async throws(KubernetesError) in
            try await client.create(
                Lease.self,
                manifest: LeaseManifest(metadata: .init(name: options.name, resourceVersion: nil), spec: spec),
                namespace: options.namespace)
        }
    }

    private func patch(_ spec: Lease.Spec, version: String) async -> Result<Lease, KubernetesError> {
        await inTime { [client, options] () async throws(KubernetesError) in
            try await client.patch(
                Lease.self, name: options.name, namespace: options.namespace,
                merge: LeaseManifest(metadata: .init(name: options.name, resourceVersion: version), spec: spec))
        }
    }

    private func clear(version: String) async -> Result<Lease, KubernetesError> {
        await inTime { [client, options] () async throws(KubernetesError) in
            try await client.patch(
                Lease.self, name: options.name, namespace: options.namespace,
                merge: JSONValue.object([
                    "metadata": .object(["resourceVersion": .string(version)]),
                    "spec": .object([
                        "holderIdentity": .null, "renewTime": .string(Lease.microTime(Date())),
                    ]),
                ]))
        }
    }

    /// A call that hangs must not take the time that another one needs.
    private func inTime(
        _ call: @escaping @Sendable () async throws(KubernetesError) -> Lease
    ) async -> Result<Lease, KubernetesError> {
        await withTaskGroup(of: Result<Lease, KubernetesError>.self) { [clock, options] group in
            group.addTask { await Result(catching: call) }
            group.addTask {
                try? await clock.sleep(options.timing.callTimeout)
                return .failure(.noAnswer(after: options.timing.callTimeout))
            }
            let first = await group.next() ?? .failure(.noAnswer(after: .zero))
            group.cancelAll()
            return first
        }
    }

    // MARK: Following

    /// Watches the holder renew, until the lease is free or its time is up.
    private func follow(from version: String) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in await watch(from: version) }
            group.addTask { [self] in
                while case .wait(let until, _) = action() {
                    guard (try? await clock.sleep(max(.milliseconds(1), until - clock.now()))) != nil else { return }
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func watch(from version: String) async {
        let options = WatchOptions(
            fieldSelector: "metadata.name=\(options.name)", resourceVersion: version, timeoutSeconds: 300)
        do {
            let events = try await client.watch(Lease.self, namespace: self.options.namespace, options: options)
            for try await event in events {
                switch event {
                case .added(let lease), .modified(let lease): saw(lease)
                case .deleted: saw(nil)
                case .bookmark: continue
                // Too old a version, for one: read it anew.
                case .undecodable, .status: return lookAgain()
                }
                guard case .wait(_, _?) = action() else { return }
            }
            lookAgain()
        } catch {
            guard !Task.isCancelled else { return }
            failed("watch", error)
        }
    }

    private func lookAgain() {
        guard !Task.isCancelled else { return }
        state.withLock { $0.failed(at: clock.now(), jitter: .random(in: 0..<1)) }
    }

    private func saw(_ lease: Lease?) {
        let other = state.withLock { state in
            state.saw(lease, at: clock.now())
            return state.otherHolder
        }
        log.follows(other)
    }

    private func failed(_ what: String, _ error: KubernetesError) {
        guard !Task.isCancelled else { return }
        lookAgain()
        log.failed(what, error)
    }
}

/// What is sent of a Lease. As a patch it lets fields alone that are nil in it.
private struct LeaseManifest: Encodable {
    struct Metadata: Encodable {
        let name: String
        let resourceVersion: String?
    }

    var apiVersion = Lease.resourceKind.apiVersion
    var kind = Lease.resourceKind.kind
    let metadata: Metadata
    let spec: Lease.Spec
}

extension KubernetesError {
    fileprivate static func noAnswer(after limit: Duration) -> KubernetesError {
        KubernetesError(
            kind: .transport(
                .init(
                    message: "the API server did not answer within \(limit)", isRetryable: true,
                    mayHaveReachedServer: true)))
    }
}
