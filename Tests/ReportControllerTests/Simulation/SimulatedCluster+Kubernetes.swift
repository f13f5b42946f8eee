import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport

/// What Kubernetes' own controllers and a kubelet do in one step.
extension SimulatedCluster {
    func runJobs() {
        let state = server.state
        let pods = server.all(Pod.self)
        for object in state.all("jobs.batch") {
            guard let job = try? object.decoded(Job.self), !job.stage.isEmpty else { continue }
            if job.metadata.isDeleting || job.isFinished { continue }
            advance(job, object.json, pods.filter { $0.metadata.ownerReferences.contains { $0.uid == object.uid } })
        }
    }

    private func advance(_ job: Job, _ manifest: JSONValue, _ pods: [Pod]) {
        let age = now.seconds - (job.metadata.creationTimestamp ?? now).seconds
        var deadline: Int64?
        if case .integer(let seconds)? = manifest["spec"]?["activeDeadlineSeconds"] { deadline = seconds }
        if job.status?.startTime == nil { write(Job(metadata: job.metadata, status: .init(startTime: now, active: 1))) }
        if let announced = job.status?.conditions?.first(where: { $0.type == "FailureTarget" }) {
            finish(job.failed(announced.reason, "as the Job controller says", at: now))
        } else if let deadline, deadline <= age {
            // Kubernetes before 1.31 says Failed while the pod is still going.
            finish(job.failed("DeadlineExceeded", "as the Job controller says", at: now))
            for pod in pods { try? server.delete(Pod.self, pod.key) }
        } else if let pod = pods.first {
            if pod.status?.phase == "Succeeded" {
                // It counts pods in batches, and says what it has counted some time later.
                let since = PodDiagnosis.success(pod).map { (now.seconds - $0.seconds) / Self.seconds }
                if since ?? .max >= delay(job.stage, "count", 4) { finish(job.complete(at: now)) }
            } else if pod.status?.phase == "Failed" {
                write(job.condition("FailureTarget", "BackoffLimitExceeded", "", at: now))
            }
        } else if Int64(delay(job.stage, "create", 2)) * Self.seconds <= age {
            create(podOf: job, manifest["spec"]?["template"]?["metadata"]?["labels"])
        }
    }

    private func finish(_ job: Job) { write(job) }

    private func write(_ job: Job) {
        guard let status = try? JSONValue(encoding: job.status) else { return }
        try? server.patch(Job.self, job.key, .object(["status": status]), subresource: "status")
    }

    private func create(podOf job: Job, _ labels: JSONValue?) {
        var pod = Pod(
            metadata: ObjectMeta(
                name: "\(job.metadata.name)-pod", namespace: job.metadata.namespace, creationTimestamp: now,
                labels: (labels?.object ?? [:]).texts(),
                ownerReferences: [OwnerReference(controlledBy: job)]),
            status: .init(phase: "Pending"))
        pod.metadata.resourceVersion = ""
        try? server.insert(pod)
    }

    mutating func runPods() {
        let pods = server.all(Pod.self)
        podAges = podAges.filter { age in pods.contains { $0.metadata.uid == age.key } }
        for pod in pods {
            let stage = pod.metadata.labels[ReportsAPI.Label.stage] ?? ""
            let attempt = pod.metadata.labels[ReportsAPI.Label.attempt].flatMap { Int($0) } ?? 1
            let age = (podAges[pod.metadata.uid] ?? 0) + 1
            podAges[pod.metadata.uid] = age
            if pod.metadata.isDeleting {
                // Its age counts on from where it was; the kubelet counts from the deletion.
                let since = Int(now.seconds - (pod.metadata.deletionTimestamp ?? now).seconds) / Int(Self.seconds)
                guard pod.hasEnded || since > 1 + delay(stage, "stop", 3) else { continue }
                server.update { $0.erase("pods", pod.key) }
            } else if let next = advance(pod, stage, outcome(stage, attempt), age) {
                if next.status?.phase == "Running" { podAges[pod.metadata.uid] = 0 }
                guard next.status != pod.status, let status = try? JSONValue(encoding: next.status) else { continue }
                try? server.patch(Pod.self, pod.key, .object(["status": status]), subresource: "status")
            }
        }
    }

    private func advance(_ pod: Pod, _ stage: String, _ outcome: Outcome, _ age: Int) -> Pod? {
        switch pod.status?.phase {
        case "Pending" where outcome == .cannotPull:
            return pod.waiting("ImagePullBackOff")
        case "Pending" where age > delay(stage, "start", 2):
            return pod.running()
        case "Running" where age > delay(stage, "run", 4):
            switch outcome {
            case .succeeds: return pod.succeeded(at: now)
            case .exits(let code): return pod.failed(exitCode: code, at: now)
            case .isKilledForMemory: return pod.failed(exitCode: 137, reason: "OOMKilled", at: now)
            case .isEvicted: return pod.evicted()
            case .hangs, .cannotPull: return nil
            }
        default:
            return nil
        }
    }

    private func outcome(_ stage: String, _ attempt: Int) -> Outcome {
        let first = script.outcomes[stage] ?? .succeeds
        return attempt == 1 ? first : script.laterOutcomes[stage] ?? first
    }

    /// How many steps something takes: a function of the stage and the seed alone.
    func delay(_ stage: String, _ what: String, _ limit: UInt64) -> Int {
        var generator = SeededGenerator(seed: seed)
        for byte in "\(stage)/\(what)".utf8 { generator.mix(byte) }
        return Int(generator.next() % limit)
    }
}
