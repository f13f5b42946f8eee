import AsyncSupport
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// What is ours is said by owner references and namespaces, whatever labels say.
struct OwnershipTests {
    private let running = ReportRequest.numbered(1).running("one")
    private let waiting = ReportRequest.numbered(2).queued()

    /// A pod of the running request, with all labels that ours have.
    private func pod() -> Pod {
        Pod.fixture(of: running, stage: "one").running().with { pod in
            guard let run = running.status?.accepted else { return }
            pod.metadata.resourceVersion = "5"
            pod.metadata.labels[ReportsAPI.Label.concurrencyGroup] =
                ConcurrencyGroup(namespace: "finance", run: run).id
        }
    }

    private func cluster(_ first: ReportRequest? = nil) -> Cluster {
        let cluster = Cluster(requests: [first ?? running.ended(.cancelled), waiting])
        return cluster
    }

    @Test func aPodInAnotherNamespaceChangesNothing() async {
        let cluster = cluster()
        await cluster.connect()
        cluster.cache.pods.observe(pod().with { $0.metadata.namespace = "other" })
        #expect(await cluster.woken().isEmpty)
        #expect(cluster.observer.observe(waiting.key)?.queue == .init())
        #expect(cluster.observer.observe(running.key)?.pods.isEmpty == true)
    }

    @Test func aPodThatNoJobControlsChangesNothing() async {
        let cluster = cluster()
        await cluster.connect()
        cluster.cache.pods.observe(pod().with { $0.metadata.ownerReferences = [] })
        cluster.cache.pods.observe(
            pod().with {
                $0.metadata.name = "other"
                $0.metadata.ownerReferences = [OwnerReference(controlledBy: running)]
            })
        #expect(await cluster.woken().isEmpty)
        #expect(cluster.observer.observe(waiting.key)?.queue == .init())
    }

    @Test func aPodOfAnotherJobChangesNothing() async {
        let cluster = cluster()
        await cluster.connect()
        cluster.cache.pods.observe(
            pod().with {
                $0.metadata.ownerReferences = [.init(controlledBy: Job(metadata: .init(name: "x", uid: "u")))]
            })
        #expect(await cluster.woken().isEmpty)
        #expect(cluster.observer.observe(waiting.key)?.queue == .init())
    }

    /// Nor does it hold a run that is being cancelled.
    @Test func aCancellingRunDoesNotWaitForAForeignPod() {
        let cluster = cluster(running.status { $0.phase = .cancelling })
        cluster.cache.pods.observe(pod().with { $0.metadata.namespace = "other" })
        cluster.cache.pods.observe(pod().with { $0.metadata.ownerReferences = [] })
        #expect(cluster.observer.observe(running.key)?.pods.isEmpty == true)
    }

    @Test func aPodOfOursHoldsThePlaceThoughItsJobAndItsRequestAreGone() async {
        let cluster = Cluster(requests: [waiting])
        await cluster.connect()
        let pod = pod()
        cluster.cache.pods.observe(pod)
        #expect(cluster.observer.observe(waiting.key)?.queue.holders == 1)
        cluster.cache.pods.observeDeletion(of: pod)
        #expect(await cluster.woken() == ["r2"])
        // One whose Job has another name is not what was left of that request.
        cluster.cache.pods.observe(
            pod.with {
                $0.metadata.name = "forged"
                $0.metadata.ownerReferences = [.init(controlledBy: Job(metadata: .init(name: "x", uid: "u")))]
            })
        #expect(cluster.observer.observe(waiting.key)?.queue.holders == 0)
    }

    /// Whose log is kept, and on whose pods a run waits, is one rule.
    @Test func aPodOfANamesakeOfTheJobIsNotOfTheRun() {
        let name = Job.fixture(of: running, stage: "one").metadata.name
        let known = running.status { status in
            status.stages?[0].job = name
            status.stages?[0].jobUID = "ours"
        }
        func pod(of uid: String) -> Pod {
            self.pod().with {
                $0.metadata.ownerReferences = [.init(controlledBy: Job(metadata: .init(name: name, uid: uid)))]
            }
        }
        #expect(known.owns(pod(of: "ours")))
        #expect(!known.owns(pod(of: "theirs")))
        #expect(!known.owns(pod(of: "ours").with { $0.metadata.ownerReferences[0].kind = "ReplicaSet" }))
    }

    @Test func aPodOfTheRunIsFoundByItsJob() {
        let cluster = cluster(running)
        cluster.cache.jobs.observe(Job.fixture(of: running, stage: "one"))
        cluster.cache.pods.observe(pod())
        #expect(cluster.observer.observe(running.key)?.pods.count == 1)
    }

    @Test func aJobIsOfTheRequestThatControlsItWhateverItsLabelsSay() {
        let cluster = cluster(running)
        var job = Job.fixture(of: running, stage: "one")
        job.metadata.labels[ReportsAPI.Label.requestUID] = waiting.metadata.uid
        cluster.cache.jobs.observe(job)
        #expect(cluster.observer.observe(running.key)?.jobs.count == 1)
        #expect(cluster.observer.observe(waiting.key)?.jobs.isEmpty == true)
        job.metadata.namespace = "other"
        cluster.cache.jobs.observe(job)
        #expect(cluster.observer.observe(running.key)?.jobs.count == 1)
    }

    /// The write of the status that was to tell of it has failed, and the watch tells that it is gone.
    @Test func aJobThatWasSeenIsRememberedWhenItGoes() async {
        let started = ReportRequest.numbered(1).started()
        let cluster = Cluster(requests: [started])
        await cluster.connect()
        let job = Job.fixture(of: started, stage: "one")
        cluster.cache.jobs.observe(job)
        cluster.cache.jobs.observeDeletion(of: job)
        #expect(cluster.observer.observe(started.key)?.made == [job.metadata.name: job.metadata.uid])
        cluster.made.forget(started.metadata.uid)
        #expect(cluster.observer.observe(started.key)?.made.isEmpty == true)
    }
}
