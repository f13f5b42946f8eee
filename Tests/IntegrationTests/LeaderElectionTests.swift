import ClusterSupport
import Foundation
import Glibc
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// Two operators, one of which acts. The lease lasts 15 s, and they try again every 2 s.
@Suite struct LeaderElectionTests {
    @Test func whoLeadsActsAndTheOtherTakesOverAtOnceWhenItIsStopped() async throws {
        try await Contest.run { contest in
            try await contest.withOperators(2) { operators in
                try await contest.runReport("first")
                #expect(!operators[1].log.contains("Started workers"))
                let first = try #require(try await contest.lease().holder)
                #expect(await operators[0].terminate() == 0)
                // Else it would be the first one's for another 15 s, and nobody may take it before.
                #expect(try await contest.lease().holder != first)
                #expect(operators[0].log.contains("Gave the lease back"))
                try await operators[1].says("Leading: this process acts")
                try await contest.runReport("second")
                let lease = try await contest.lease()
                #expect(lease.spec?.leaseTransitions == 1)
                #expect(try creations(contest).count == 2)
            }
        }
    }

    @Test func killedLeaderIsFollowedWithinTheLeaseDuration() async throws {
        try await Contest.run { contest in
            try await contest.withOperators(2) { operators in
                try await contest.runReport("first")
                let killed = ContinuousClock.now
                await operators[0].crash()
                try await contest.createRequest("second")
                try await operators[1].says("Leading: this process acts")
                let waited = killed.duration(to: .now)
                // Its lease counts from the last renewal, which was at most the 10 s before after which a leader gives up.
                #expect(waited > .seconds(5), "\(waited)")
                try await contest.cluster.wait(
                    for: ReportRequest.self, "second", in: contest.namespace, "Succeeded"
                ) { $0?.status?.phase == .succeeded }
                let made = try creations(contest)
                #expect(!made.isEmpty && made.values.allSatisfy { $0 == 1 }, "\(made)")
            }
        }
    }

    /// As a process is that a virtual machine's move or a debugger holds: it wakes up in the belief that it leads.
    @Test func leaderThatStoodStillEndsWithoutAnotherWrite() async throws {
        try await Contest.run { contest in
            try await contest.withOperators(2) { operators in
                operators[0].signal(SIGSTOP)
                try await operators[1].says("Leading: this process acts")
                await operators[1].crash()
                try await contest.createRequest("late")
                operators[0].signal(SIGCONT)
                #expect(await operators[0].exitStatus() == 1)
                #expect(operators[0].log.contains("Lost leadership"))
                let request = try await contest.cluster.client.get(
                    ReportRequest.self, name: "late", namespace: contest.namespace)
                #expect(request.status == nil)
                #expect(try creations(contest).isEmpty)
            }
        }
    }

    @Test func shortOutageOfTheServerChangesNothingAndALongOneEndsTheLeader() async throws {
        try await OwnCluster.run("lead") { own in
            try await own.applyDefinitions()
            try await Contest.run(on: own.live) { contest in
                try await contest.withOperators(2) { operators in
                    try await own.stallServer(for: .seconds(4))
                    try await contest.runReport("first")
                    #expect(operators[0].isRunning && !operators[1].isLeading)
                    #expect(try await contest.lease().spec?.leaseTransitions == 0)

                    try await own.killServer()
                    #expect(await operators[0].exitStatus() == 1)
                    #expect(operators[0].log.contains("could not be renewed for 10.0 seconds"))
                    #expect(operators[1].isRunning && !operators[1].isLeading)
                    try await own.startServer()
                    try await contest.runReport("second")
                    #expect(try await contest.lease().spec?.leaseTransitions == 1)
                    let creations = try own.audit.creations(of: "jobs", in: contest.namespace)
                    #expect(creations.count == 2 && creations.values.allSatisfy { $0 == 1 }, "\(creations)")
                }
            }
        }
    }

    @Test func aDeletedLeaseIsMadeAnewByItsHolder() async throws {
        try await Contest.run { contest in
            try await contest.withOperators(2) { operators in
                let holder = try await contest.lease().holder
                try await contest.cluster.kubectl("delete", "lease", "report-operator", "-n", contest.namespace)
                let again = try await contest.cluster.wait(
                    for: Lease.self, "report-operator", in: contest.namespace, "there again"
                ) { $0 != nil }
                #expect(again?.holder == holder)
                #expect(operators[0].isRunning && !operators[1].isLeading)
            }
        }
    }

    private func creations(_ contest: Contest) throws -> [String: Int] {
        try AuditLog.ofEnvironment().creations(of: "jobs", in: contest.namespace)
    }
}
