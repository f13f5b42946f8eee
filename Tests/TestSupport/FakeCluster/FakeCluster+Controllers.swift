import KubernetesModel

/// What Kubernetes' own controllers do in one step.
extension FakeCluster {
    mutating func runJobs() {
        for name in world.jobs.keys.sorted() {
            guard let fake = world.jobs[name] else { continue }
            let pods = world.pods.filter { $0.value.job == name }
            if fake.job.metadata.isDeleting {
                // Foreground deletion: the garbage collector deletes the pods first.
                for key in pods.keys { terminate(key) }
                if pods.isEmpty { world.jobs[name] = nil }
            } else if !fake.job.isFinished {
                advance(name, fake, pods.keys.sorted())
            } else {
                remember()
                continue
            }
            remember()
        }
    }

    private mutating func advance(_ name: String, _ fake: FakeJob, _ pods: [String]) {
        if let reason = fake.failsFor {
            finish(name, "Failed", reason)
        } else if let deadline = fake.deadline, deadline <= now {
            // Kubernetes before 1.31 says Failed while the pod is still going.
            finish(name, "Failed", "DeadlineExceeded")
            for key in pods { terminate(key) }
        } else if let key = pods.first, let pod = world.pods[key]?.pod {
            if pod.status?.phase == "Succeeded" {
                succeededStages.insert("\(fake.owner)/\(fake.stage)")
                finish(name, "Complete", "")
            } else if pod.status?.phase == "Failed" {
                world.jobs[name]?.failsFor = "BackoffLimitExceeded"
                world.jobs[name]?.job = fake.job.condition("FailureTarget", "BackoffLimitExceeded", "", at: now)
            }
        } else if delay(fake.stage, "create", 2) <= age(of: fake) {
            create(podOf: name, fake)
        }
    }

    private mutating func finish(_ name: String, _ type: String, _ reason: String) {
        guard let job = world.jobs[name]?.job else { return }
        world.jobs[name]?.job =
            type == "Complete" ? job.complete(at: now) : job.failed(reason, "as the Job controller says", at: now)
    }

    private mutating func create(podOf name: String, _ fake: FakeJob) {
        guard let request = request(fake.owner) else { return }
        let pod = Pod.fixture(of: request, stage: fake.stage, attempt: fake.attempt, at: now)
        let key = "\(name)-pod"
        world.pods[key] = FakePod(
            pod: pod.named(key), job: name, owner: fake.owner, stage: fake.stage, attempt: fake.attempt)
    }

    private mutating func terminate(_ key: String) {
        guard let fake = world.pods[key], !fake.pod.metadata.isDeleting else { return }
        world.pods[key]?.pod.metadata.deletionTimestamp = now
        world.pods[key]?.age = 0
    }

    mutating func runPods() {
        for key in world.pods.keys.sorted() {
            guard var fake = world.pods[key] else { continue }
            fake.age += 1
            if fake.pod.metadata.isDeleting {
                if fake.pod.hasEnded || fake.age > 1 + delay(fake.stage, "stop", 3) {
                    world.pods[key] = nil
                } else {
                    world.pods[key] = fake
                }
            } else {
                world.pods[key] = advance(fake)
            }
            remember()
        }
    }

    private func advance(_ fake: FakePod) -> FakePod {
        var next = fake
        let outcome = outcome(fake.stage, fake.attempt)
        switch fake.pod.status?.phase {
        case "Pending" where outcome == .cannotPull:
            next.pod = fake.pod.waiting("ImagePullBackOff")
        case "Pending" where fake.age > delay(fake.stage, "start", 2):
            next.pod = fake.pod.running()
            next.age = 0
        case "Running" where fake.age > delay(fake.stage, "run", 4):
            switch outcome {
            case .succeeds: next.pod = fake.pod.succeeded()
            case .exits(let code): next.pod = fake.pod.failed(exitCode: code, at: now)
            case .isKilledForMemory: next.pod = fake.pod.failed(exitCode: 137, reason: "OOMKilled", at: now)
            case .isEvicted: next.pod = fake.pod.evicted()
            case .hangs, .cannotPull: break
            }
        default:
            break
        }
        return next
    }

    private func outcome(_ stage: String, _ attempt: Int) -> Outcome {
        let first = script.outcomes[stage] ?? .succeeds
        return attempt == 1 ? first : script.laterOutcomes[stage] ?? first
    }

    private func age(of fake: FakeJob) -> Int {
        Int(now.seconds - (fake.job.metadata.creationTimestamp ?? now).seconds) / 2
    }

    /// How many steps something takes: a function of the stage and the seed alone.
    private func delay(_ stage: String, _ what: String, _ limit: UInt64) -> Int {
        var generator = SeededGenerator(seed: seed)
        for byte in "\(stage)/\(what)".utf8 { generator.mix(byte) }
        return Int(generator.next() % limit)
    }
}
