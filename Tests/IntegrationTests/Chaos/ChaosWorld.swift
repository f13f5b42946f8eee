import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ProgramSupport
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import Synchronization
import TestSupport
import Testing

/// Two operators and a courier that are started again when they end, as a kubelet does it, beside servers of their own.
final class ChaosWorld: Sendable {
    let own: OwnCluster
    let outside: Outside
    let bed: DeliveryBed
    let load: ChaosLoad
    let clock: SetClock
    private let uriFile: URL
    private let operators = Mutex<[OperatorProcess]>([])
    private let courier = Mutex<CourierProcess?>(nil)
    private let pods: ChaosPods
    private let probes = Mutex(0)

    /// What a process has of the machine.
    struct Holding: CustomStringConvertible {
        let pid: Int32
        let residentKiB: Int
        let descriptors: Int
        let threads: Int

        var description: String { "\(residentKiB) KiB, \(descriptors) descriptors, \(threads) threads" }
    }

    static func run(_ own: OwnCluster, _ outside: Outside, _ body: (ChaosWorld) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "chaos-\(UUID().uuidString.prefix(8))")
        let files = folder.appending(path: "files")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await own.live.withNamespace { courierNamespace in
            try await own.live.withNamespace { namespace in
                let bed = DeliveryBed(
                    cluster: own.live, outside: outside, courierNamespace: courierNamespace, namespace: namespace,
                    folder: files)
                let world = try ChaosWorld(own, outside, bed, folder)
                try await world.play(body)
            }
        }
    }

    private init(_ own: OwnCluster, _ outside: Outside, _ bed: DeliveryBed, _ folder: URL) throws {
        (self.own, self.outside, self.bed) = (own, outside, bed)
        load = ChaosLoad(bed)
        clock = try SetClock()
        pods = ChaosPods(bed, load)
        uriFile = folder.appending(path: "uri")
        try Data(try outside.services.value("MONGODB_URI").utf8).write(to: uriFile)
    }

    private func play(_ body: (ChaosWorld) async throws -> Void) async throws {
        try await bed.createFolder()
        try await bed.cluster.apply(ChaosLoad.manifest, in: bed.namespace)
        let helpers = Task { try await self.runHelpers() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(self)) } catch { result = .failure(error) }
        helpers.cancel()
        if case .failure(let error) = await helpers.result { print("What is beside the faults failed: \(error)") }
        if case .failure = result { tell() }
        await end()
        try result.get()
    }

    /// Prints what the programs have said lately.
    func tell() {
        for process in operators.withLock({ $0 }) { print("An operator:\n\(process.log.suffix(20000))") }
        print("The courier:\n\(courier.withLock { $0?.log.suffix(6000) ?? "" })")
    }

    private func runHelpers() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.keepAlive() }
            group.addTask { await self.pods.run() }
            group.addTask { await self.load.run() }
            try await group.waitForAll()
        }
    }

    private func keepAlive() async throws {
        while !Task.isCancelled {
            let running = operators.withLock { $0 }.filter(\.isRunning)
            let gone = operators.withLock { operators in
                let gone = operators.filter { process in !running.contains { $0 === process } }
                operators = running
                return gone
            }
            for process in gone { try? FileManager.default.removeItem(at: process.logFile) }
            for _ in running.count..<2 {
                let started = try startOperator()
                operators.withLock { $0.append(started) }
            }
            if courier.withLock({ $0?.isRunning != true }) {
                // With what it has left.
                courier.withLock { $0 }?.end()
                let started = try bed.courier("--leader-election", "on", "--send-timeout", "5")
                courier.withLock { $0 = started }
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private func startOperator() throws -> OperatorProcess {
        var environment = clock.environment
        environment["KUBECONFIG"] = own.live.kubeconfig
        return try OperatorProcess(
            namespace: bed.namespace, "--leader-election", "on", "--mongodb-uri-file", uriFile.path, "--redis-url",
            try outside.services.value("REDIS_URL"), "--courier-namespace", bed.courierNamespace,
            "--shared-lock-lease", "10", "--intake-consumer", "chaos", "--log-level", "info", environment: environment)
    }

    private func end() async {
        for process in operators.withLock({ $0 }) {
            await process.crash()
            try? FileManager.default.removeItem(at: process.logFile)
        }
        courier.withLock { $0 }?.crash()
        courier.withLock { $0 }?.end()
    }

    /// Who acts, as far as its log tells.
    func leader() -> OperatorProcess? {
        let all = operators.withLock { $0 }
        return all.first { $0.isRunning && $0.isLeading } ?? all.first
    }

    func crashCourier() { courier.withLock { $0 }?.crash() }

    /// As `etcdctl compact`, up to now: every watch starts over.
    func compact() async throws { try await own.compact() }

    // MARK: What comes of it

    /// How long a report takes that is asked for now: until its Job is made, which is the operator's part, and to its end.
    func probe() async throws -> (job: Duration, end: Duration) {
        let begin = ContinuousClock.now
        let name = "probe-\(probes.withLock { $0 += 1; return $0 })"
        try await own.live.apply(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportRequest
            metadata: {name: \(name)}
            spec: {pipelineRef: {name: probe}, ttlSecondsAfterFinished: 600}
            """, in: bed.namespace)
        func wait(_ what: String, _ holds: @escaping @Sendable (ReportRequestStatus) -> Bool) async throws -> Duration {
            try await own.live.wait(for: ReportRequest.self, name, in: bed.namespace, within: .seconds(180), what) {
                $0?.status.map(holds) ?? false
            }
            return ContinuousClock.now - begin
        }
        return (
            try await wait("its Job is made") { $0.stages?.first?.phase ?? .pending != .pending },
            try await wait("Succeeded") { $0.phase == .succeeded }
        )
    }

    /// Waits until one leads and has nothing left from before.
    func settle() async throws {
        try clock.set(0)
        for _ in 0..<5 { _ = try await probe() }
    }

    func holdings() throws -> [String: Holding] {
        let leader = try #require(operators.withLock { $0 }.first { $0.isLeading })
        let courier = try #require(courier.withLock { $0 })
        return ["operator": try Self.holding(of: leader.pid), "courier": try Self.holding(of: courier.pid)]
    }

    private static func holding(of pid: Int32) throws -> Holding {
        let lines = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8).split(separator: "\n")
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
        return Holding(
            pid: pid, residentKiB: value("VmRSS:", in: lines), descriptors: descriptors,
            threads: value("Threads:", in: lines))
    }

    private static func value(_ name: String, in lines: [Substring]) -> Int {
        let words = lines.first { $0.hasPrefix(name) }?.split { $0 == " " || $0 == "\t" } ?? []
        return words.dropFirst().first.flatMap { Int($0) } ?? 0
    }

    func waitForAll(_ asked: ChaosLoad.Asked) async throws {
        let deadline = ContinuousClock.now + .seconds(600)
        while true {
            let (ended, open) = (load.ended, asked.kinds.keys.filter { load.ended[$0] == nil })
            if open.isEmpty { return }
            guard ContinuousClock.now < deadline else {
                throw DeadlineExceeded(description: "not ended: \(open.sorted().prefix(20))")
            }
            print("\(ended.count) have ended, \(open.count) haven't yet")
            try await Task.sleep(for: .seconds(2))
        }
    }

    func check(_ asked: ChaosLoad.Asked) async throws {
        let (ended, uids) = (load.ended, load.uids)
        for (name, kind) in asked.kinds {
            #expect(ended[name] == kind.end, "\(name)")
            let uid = try #require(uids[name])
            try await eventually("\(name) is recorded", within: .seconds(120)) {
                try await outside.records.record(uid: uid)?.phase == kind.end
            }
            guard kind == .told else { continue }
            try await eventually("\(name) is delivered", within: .seconds(120)) {
                try await bed.copies(ofReport: uid).map(\.phase) == [.sent]
            }
        }
        let told = Set(asked.kinds.filter { $0.value == .told }.compactMap { uids[$0.key] })
        let files = try bed.files().compactMap { $0.split(separator: "/").dropFirst().first.map(String.init) }
        #expect(Set(files) == told && files.count == told.count, "\(files.count) files of \(told.count) reports")

        let created = try own.audit.creations(of: "jobs", in: bed.namespace)
        #expect(created.values.allSatisfy { $0 == 1 }, "\(created.filter { $0.value != 1 })")
        let jobs = asked.kinds.values.reduce(probes.withLock { $0 }) { $0 + $1.jobs }
        // A server that is killed as it answers notes no creation, or a failed one.
        #expect(created.count <= jobs && created.count > jobs * 9 / 10, "\(created.count) Jobs, and not \(jobs)")
        #expect(pods.tooMany.isEmpty, "\(pods.tooMany)")
        let requests = try own.audit.creations(of: "reportrequests", in: bed.namespace)
        #expect(requests.values.allSatisfy { $0 == 1 }, "\(requests.filter { $0.value != 1 })")
        let names = Set(asked.kinds.keys).union((1...probes.withLock { $0 }).map { "probe-\($0)" })
        #expect(names.isSuperset(of: requests.keys) && requests.count > names.count * 9 / 10)
        try await eventually("the shared lock is free", within: .seconds(60)) {
            let standing = try await outside.lock.standing(of: "\(bed.namespace)/erp")
            return standing.line.isEmpty && standing.holders.isEmpty
        }
        print(
            "\(created.count) Jobs and \(requests.count) requests, each made once; \(files.count) files, each sent once"
        )
    }
}
