package import KubernetesModel
package import ReportAPI
package import ReportPlanning

/// Requests at some point of their life, as the planner itself would have left them.
extension ReportRequest {
    /// Accepted, and waiting for its turn.
    package func queued(at now: Timestamp = .start) -> ReportRequest {
        planned(ObservedRun(request: self, queue: .init(holders: 1000)), now: now)
    }

    /// In its place, before its first Job.
    package func started(at now: Timestamp = .start) -> ReportRequest {
        planned(observed(), now: now)
    }

    /// On the way: `succeeded` are through and `running` have their Jobs.
    package func running(
        _ running: String..., succeeded: [String] = [], at now: Timestamp = .start
    ) -> ReportRequest {
        started(at: now).status { status in
            for index in status.stages?.indices ?? 0..<0 {
                guard var stage = status.stages?[index] else { continue }
                let isRunning = running.contains(stage.name)
                guard isRunning || succeeded.contains(stage.name) else { continue }
                stage.phase = isRunning ? .running : .succeeded
                stage.job = jobName(stage.name, attempt: status.attempt ?? 1)
                stage.startedAt = now
                stage.completedAt = isRunning ? nil : now
                stage.exitCode = isRunning ? nil : 0
                status.stages?[index] = stage
            }
            status.startedAt = now
        }
        .recordedProgress(at: now)
    }

    /// With a stage that has failed on the record.
    package func failed(_ name: String, _ message: String = "exit code 3") -> ReportRequest {
        status { status in
            for index in status.stages?.indices ?? 0..<0 where status.stages?[index].name == name {
                status.stages?[index].phase = .failed
                status.stages?[index].reason = Reason.exitCode
                status.stages?[index].message = message
            }
        }
    }

    /// Over, with everything that didn't succeed taken for `phase`'s reason.
    package func ended(_ phase: ReportRequestStatus.Phase, at now: Timestamp = .start) -> ReportRequest {
        status { status in
            status.phase = phase
            status.completedAt = now
            status.reason = phase == .failed ? Reason.stageFailed : Reason.cancelledByUser
            status.conditions =
                (status.conditions ?? []) + [
                    Condition(
                        type: phase == .succeeded ? "Complete" : "Failed", status: "True", reason: status.reason ?? "",
                        message: "", lastTransitionTime: now, observedGeneration: 1)
                ]
        }
    }

    /// The request with the status that a plan writes.
    package func applying(_ plan: RunPlan) -> ReportRequest {
        with { if let status = plan.status { $0.status = status } }
    }

    package func jobName(_ stage: String, attempt: Int = 1) -> String {
        ObjectNames.job(of: metadata, stage: stage, attempt: attempt)
    }

    package func stage(_ name: String) -> StageStatus? { status?.stage(name) }

    private func planned(_ observed: ObservedRun, now: Timestamp) -> ReportRequest {
        applying(RunPlanner.plan(observed, now: now))
    }

    /// By an operator without MongoDB; only what expects rows isn't accepted by one.
    private func observed(_ jobs: [Job] = []) -> ObservedRun {
        guard spec.value?.pipeline?.expect?.rows == true else { return ObservedRun(request: self, jobs: jobs) }
        return ObservedRun(
            request: with { $0.metadata.finalizers = [ReportsAPI.Finalizer.record] }, jobs: jobs, record: .stored)
    }

    /// The column and the message follow from the stages: let the planner write them.
    private func recordedProgress(at now: Timestamp) -> ReportRequest {
        let jobs = (status?.stages ?? []).filter { $0.phase == .running }.map {
            Job.fixture(of: self, stage: $0.name, attempt: $0.attempt ?? 1, at: now)
        }
        let plan = RunPlanner.plan(observed(jobs), now: now)
        guard plan.actions.isEmpty else { return self }
        return applying(plan)
    }
}
