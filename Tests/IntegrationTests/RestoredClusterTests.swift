import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import PostfixSupport
import ReportAPI
import ServiceSupport
import Testing

/// An etcd that is restored from a snapshot while the programs run: what came after the snapshot is gone.
@Suite(.serialized) struct RestoredClusterTests {
    /// A run that was under way goes on from where the snapshot has it, one that is gone holds nobody's place, and the operator
    /// starts over by itself.
    @Test func theOperatorGoesOnFromTheSnapshot() async throws {
        try await OwnCluster.run("rewind") { own in
            try await own.applyDefinitions()
            try await own.live.withNamespace { namespace in
                // One at a time: who holds the place keeps all others out.
                try await own.live.apply(
                    """
                    apiVersion: reports.ers.dev/v1
                    kind: ReportPipeline
                    metadata: {name: held}
                    spec: {stages: [{name: held, image: a}, {name: last, image: a}], concurrency: {limit: 1}}
                    """, in: namespace)
                try await HeldRuns.with(own.live, namespace) { try await Self.restore(own, $0) }
            }
        }
    }

    private static func restore(_ own: OwnCluster, _ runs: HeldRuns) async throws {
        let (live, namespace) = (own.live, runs.namespace)
        // A leader would end by itself where the server is away for ten seconds.
        func start() throws -> OperatorProcess {
            try OperatorProcess(
                namespace: namespace, "--leader-election", "off",
                environment: live.kubeconfig.map { ["KUBECONFIG": $0] } ?? [:])
        }
        let first = try start()
        do {
            try await runs.ask("under-way")
            try await runs.wait("under-way", "runs") { $0.status?.stages?.first?.phase == .running }
            // What the snapshot doesn't have: its end, and another run in its place.
            let (took, back) = try await own.rewind {
                try await runs.end("under-way")
                try await runs.wait("under-way", "Succeeded") { $0.status?.phase == .succeeded }
                for number in 1...20 { try await runs.ask("waits-\(number)") }
                try await runs.ask("ghost")
                try await runs.wait("waits-1", "runs") { $0.status?.phase == .running }
            }
            try await eventually("the operator ends", within: .seconds(180), every: .milliseconds(100)) {
                !first.isRunning
            }
            #expect(await first.exitStatus() != 0)
            let noticed = ContinuousClock.now - back
            #expect(first.log.contains("The cluster was set back"), "\(first.log.suffix(3000))")

            // As a kubelet starts a container that has ended.
            let second = try start()
            do {
                try await runs.ask("after")
                try await runs.end("under-way")
                try await runs.wait("under-way", "Succeeded") { $0.status?.phase == .succeeded }
                try await runs.end("after")
                try await runs.wait("after", "Succeeded") { $0.status?.phase == .succeeded }
                let all = try await live.client.list(ReportRequest.self, namespace: namespace).items
                #expect(all.map(\.metadata.name).sorted() == ["after", "under-way"])
                // A stage has succeeded with its pod, and newer Job controllers count that a second later.
                let jobs = try await live.wait(forAll: Job.self, in: namespace, "every Job has succeeded") {
                    $0.allSatisfy { $0.status?.succeeded == 1 }
                }
                #expect(jobs.count == 4)
            } catch {
                print("The second operator:\n\(second.log.suffix(6000))")
                await second.crash()
                throw error
            }
            print(
                "restored in \(took); the operator ended \(noticed) after that; both runs ended "
                    + "\(ContinuousClock.now - back) after it")
            _ = await second.terminate()
            for process in [first, second] { try? FileManager.default.removeItem(at: process.logFile) }
        } catch {
            print("The first operator:\n\(first.log.suffix(6000))")
            await first.crash()
            throw error
        }
    }

    /// Three mails, of which the cluster knows nothing any more: of a run that the snapshot has under way, which ends once more;
    /// of a delivery that the snapshot has waiting; of one that came after it. Nobody gets any of them again.
    @Test func whatWasSentIsNotSentAgain() async throws {
        try await Postfix.withOne { postfix in
            try await OwnCluster.run("rewind-mail") { own in
                try await own.applyDefinitions()
                try await DeliveryBed.run("rewind", in: own.live) { bed in
                    try await bed.createMail(port: postfix.implicitTLSPort, postfix)
                    try await bed.cluster.apply(
                        """
                        apiVersion: reports.ers.dev/v1
                        kind: ReportPipeline
                        metadata: {name: held}
                        spec:
                          stages: [{name: held, image: a}]
                          deliver: [{channel: mail, to: [run@example.com], formats: [csv]}]
                        """, in: bed.namespace)
                    try await HeldRuns.with(own.live, bed.namespace) {
                        try await Self.restore(own, $0, bed, postfix)
                    }
                }
            }
        }
    }

    private static func restore(
        _ own: OwnCluster, _ runs: HeldRuns, _ bed: DeliveryBed, _ postfix: Postfix
    ) async throws {
        let programs = try RestoredPrograms(bed)
        do {
            try await programs.startOperator()
            try await programs.startGateway()
            try await runs.ask("report")
            try await runs.wait("report", "runs") { $0.status?.stages?.first?.phase == .running }
            // No courier is there yet, so that the snapshot has it unsent.
            let report = try await bed.record()
            try await bed.deliver("before", mail(report, to: "before"))

            let (_, back) = try await own.rewind {
                try programs.startCourier()
                try await bed.deliver("after", mail(report, to: "after"))
                for name in ["before", "after"] { try await bed.waitForEnd(of: name) }
                let uid = try await runs.wait("report", "there") { _ in true }.metadata.uid
                try await bed.publish(uid, attempt: 1)
                try await end(runs)
                for name in recipients { _ = try await postfix.mail(to: "\(name)@example.com", count: 1) }
            }
            try await programs.waitUntilAllHaveEnded()
            print("the last of operator, courier and gateway ended \(ContinuousClock.now - back) after the restore")

            try await programs.startOperator()
            try await programs.startGateway()
            try programs.startCourier()
            #expect(try await bed.waitForEnd(of: "before").status?.phase == .delivered)
            try await end(runs)
            for name in recipients {
                #expect(try await postfix.mail(to: "\(name)@example.com").count == 1, "\(name)")
            }
            await programs.end()
        } catch {
            programs.tell()
            await programs.end()
            throw error
        }
    }

    private static let recipients = ["run", "before", "after"]

    private static func mail(_ report: String, to name: String) -> String {
        "{reportID: \(report), channel: mail, formats: [csv], to: [\(name)@example.com]}"
    }

    /// Ends the run and waits until it is delivered.
    private static func end(_ runs: HeldRuns) async throws {
        try await runs.end("report")
        try await runs.wait("report", "delivered") { $0.condition(.delivered)?.isTrue == true }
    }
}
