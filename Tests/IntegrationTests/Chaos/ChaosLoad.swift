import AsyncSupport
import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import RedisClient
import ReportAPI
import Synchronization
import TestSupport

/// Reports that are asked for without a pause, and what has become of them.
final class ChaosLoad: Sendable {
    /// What kind of report, by which its name begins.
    enum Kind: String, CaseIterable, Sendable {
        /// Of two stages; six may run.
        case wide
        /// Of one stage; one may run.
        case turn
        /// As `turn`, by the lock that clusters share.
        case shared
        /// Its first stage fails.
        case fails
        /// Is cancelled while it runs.
        case stops
        /// Fails at first, and is tried again.
        case retried
        /// Comes by Redis.
        case queued
        /// Goes to a folder when it has succeeded.
        case told

        var pipeline: String {
            switch self {
            case .wide, .fails, .stops, .retried, .queued: "wide"
            case .turn: "turn"
            case .shared: "shared"
            case .told: "told"
            }
        }

        /// How many Jobs one takes, with those of all attempts.
        var jobs: Int {
            switch self {
            case .wide, .queued: 2
            // The first stage is stopped, or fails.
            case .stops, .fails: 1
            case .retried: 3
            case .turn, .shared, .told: 1
            }
        }

        var end: ReportRequestStatus.Phase {
            switch self {
            case .fails: .failed
            case .stops: .cancelled
            case .wide, .turn, .shared, .retried, .queued, .told: .succeeded
            }
        }
    }

    struct Asked: Sendable {
        /// By name.
        var kinds: [String: Kind] = [:]

        var counts: [String: Int] {
            Dictionary(kinds.values.map { ($0.rawValue, 1) }, uniquingKeysWith: +)
        }
    }

    private struct State {
        var asked = Asked()
        /// By name.
        var uids: [String: String] = [:]
        var ended: [String: ReportRequestStatus.Phase] = [:]
        /// Whose rows are published.
        var published: Set<String> = []
        var isStopped = false
    }

    static let manifest = """
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: wide}
        spec: {stages: [{name: one, image: a}, {name: two, image: a}], concurrency: {limit: 6}}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: turn}
        spec: {stages: [{name: one, image: a}], concurrency: {limit: 1}}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: shared}
        spec: {stages: [{name: one, image: a}], concurrency: {key: erp, scope: Shared}}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: told}
        spec: {stages: [{name: one, image: a}], deliver: [{channel: files, formats: [csv]}]}
        ---
        apiVersion: reports.ers.dev/v1
        kind: ReportPipeline
        metadata: {name: probe}
        spec: {stages: [{name: one, image: a}]}
        """
    /// How many a pipeline lets run at once.
    static let limits = ["wide": 6, "turn": 1, "shared": 1]

    private static let mostAlive = 24
    private let bed: DeliveryBed
    private let state = Mutex(State())

    init(_ bed: DeliveryBed) { self.bed = bed }

    /// Asks for reports and follows them, until it is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.ask() }
            group.addTask { await self.follow() }
        }
    }

    /// Asks for no more.
    func stop() -> Asked {
        state.withLock { state in
            state.isStopped = true
            return state.asked
        }
    }

    var summary: String {
        state.withLock { "\($0.asked.kinds.count) asked for, \($0.ended.count) ended, \($0.uids.count) known" }
    }

    /// By name: what it ended as.
    var ended: [String: ReportRequestStatus.Phase] { state.withLock { $0.ended } }

    var uids: [String: String] { state.withLock { $0.uids } }

    func isPublished(_ name: String) -> Bool { state.withLock { $0.published.contains(name) } }

    private func ask() async {
        var number = 0
        while !Task.isCancelled {
            let isFull = state.withLock { state in
                state.isStopped || state.asked.kinds.count - state.ended.count >= Self.mostAlive
            }
            if !isFull {
                number += 1
                let kind = Kind.allCases[number % Kind.allCases.count]
                let name = "\(kind.rawValue)-\(number)"
                state.withLock { $0.asked.kinds[name] = kind }
                await persist { try await self.create(name, kind) }
            }
            try? await Task.sleep(for: .milliseconds(isFull ? 50 : 150))
        }
    }

    private func create(_ name: String, _ kind: Kind) async throws {
        if kind == .queued {
            // A second message of the same id makes no second request.
            _ = try await bed.outside.redis.send(
                RedisCommand(
                    "XADD", "reports:requests", "*", "id", .text(name), "namespace", .text(bed.namespace), "pipeline",
                    .text(kind.pipeline)), timeout: .seconds(10))
            return
        }
        let manifest = try JSONValue.yaml(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportRequest
            metadata: {name: \(name)}
            spec: {pipelineRef: {name: \(kind.pipeline)}, ttlSecondsAfterFinished: 600}
            """)
        let (client, namespace) = (bed.cluster.client, bed.namespace)
        let result = await Result { () async throws(KubernetesError) in
            try await client.create(ReportRequest.self, manifest: manifest, namespace: namespace)
        }
        // There already is what a try has made whose answer was lost.
        if case .failure(let error) = result, !error.isAlreadyExists { throw error }
    }

    /// Notes what ends, cancels and tries again what is to be, and publishes rows.
    private func follow() async {
        while !Task.isCancelled {
            await persist { try await self.lookAtAll() }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    private func lookAtAll() async throws {
        let requests = try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace).items
        for request in requests { try await look(at: request) }
    }

    private func look(at request: ReportRequest) async throws {
        let name = request.metadata.name
        guard let kind = state.withLock({ $0.asked.kinds[name] }), let phase = request.status?.phase else { return }
        state.withLock { $0.uids[name] = request.metadata.uid }
        switch kind {
        case .stops where phase == .running && request.spec.value?.cancel != true:
            try await patch(name, "spec: {cancel: true}")
        case .retried where phase == .failed && request.spec.value?.attempt ?? 1 == 1:
            try await patch(name, "spec: {attempt: 2}")
        case .told where !isPublished(name):
            // A document that is there already is from a try whose answer was lost.
            do { try await bed.publish(request.metadata.uid, attempt: 1) } catch {
                guard "\(error)".contains("E11000") else { throw error }
            }
            _ = state.withLock { $0.published.insert(name) }
        default: break
        }
        let attempt = kind == .retried ? 2 : 1
        if phase.isTerminal, request.status?.attempt ?? 1 >= attempt { state.withLock { $0.ended[name] = phase } }
    }

    private func patch(_ name: String, _ text: String) async throws {
        _ = try await bed.cluster.client.patch(
            ReportRequest.self, name: name, namespace: bed.namespace, merge: try JSONValue.yaml(text))
    }

    /// Until it succeeds: what the tests need is away, too.
    private func persist(_ body: @escaping @Sendable () async throws -> Void) async {
        while !Task.isCancelled {
            do { return try await body() } catch { try? await Task.sleep(for: .milliseconds(200)) }
        }
    }
}
