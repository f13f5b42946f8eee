package import KubernetesModel
package import ReportAPI

extension Pod {
    /// A stage's pod before it has started.
    package static func fixture(
        of request: ReportRequest, stage: String, attempt: Int = 1, at created: Timestamp = .start
    ) -> Pod {
        Pod(
            metadata: ObjectMeta(
                name: "\(request.jobName(stage, attempt: attempt))-x7k2p",
                namespace: request.metadata.namespace,
                creationTimestamp: created,
                labels: request.stageLabels(stage, attempt: attempt),
                ownerReferences: [
                    OwnerReference(controlledBy: Job.fixture(of: request, stage: stage, attempt: attempt))
                ]),
            status: Status(phase: "Pending"))
    }

    package func running() -> Pod { with { $0.status = Status(phase: "Running") } }

    package func succeeded(at time: Timestamp? = nil) -> Pod {
        ended("Succeeded", .init(exitCode: 0, reason: "Completed", finishedAt: time))
    }

    package func failed(
        exitCode: Int, reason: String? = "Error", message: String? = nil, at time: Timestamp? = nil
    ) -> Pod {
        ended("Failed", .init(exitCode: exitCode, reason: reason, message: message, finishedAt: time))
    }

    /// As the kubelet leaves a pod that it had to throw out.
    package func evicted(_ message: String = "The node was low on resource: memory.") -> Pod {
        with {
            $0.status?.phase = "Failed"
            $0.status?.reason = "Evicted"
            $0.status?.message = message
        }
    }

    package func waiting(_ reason: String, _ message: String? = nil) -> Pod {
        with {
            $0.status = Status(
                phase: "Pending",
                containerStatuses: [
                    .init(
                        name: "stage", image: "registry.example/etl/x:1.0",
                        state: .init(waiting: .init(reason: reason, message: message)))
                ])
        }
    }

    package func unschedulable(_ message: String = "0/3 nodes are available") -> Pod {
        with {
            $0.status = Status(
                phase: "Pending",
                conditions: [
                    Condition(
                        type: "PodScheduled", status: "False", reason: "Unschedulable", message: message,
                        lastTransitionTime: nil, observedGeneration: nil)
                ])
        }
    }

    package func deleting(at time: Timestamp = .start) -> Pod { with { $0.metadata.deletionTimestamp = time } }

    package func named(_ name: String) -> Pod { with { $0.metadata.name = name } }

    package func with(_ edit: (inout Pod) -> Void) -> Pod {
        var copy = self
        edit(&copy)
        return copy
    }

    private func ended(_ phase: String, _ state: ContainerStatus.Terminated) -> Pod {
        with {
            $0.status = Status(
                phase: phase, containerStatuses: [.init(name: "stage", state: .init(terminated: state))])
        }
    }
}
