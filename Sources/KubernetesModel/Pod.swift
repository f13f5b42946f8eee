/// A pod as it is observed: whether it runs still, and why it doesn't.
package struct Pod: KubernetesResource, Hashable {
    package static let resourceKind = ResourceKind(group: "", version: "v1", kind: "Pod", plural: "pods")

    package struct Status: Codable, Hashable, Sendable {
        /// Pending, Running, Succeeded, Failed or Unknown.
        package var phase: String?
        package var reason: String?
        package var message: String?
        package var conditions: [Condition]?
        package var initContainerStatuses: [ContainerStatus]?
        package var containerStatuses: [ContainerStatus]?

        package init(
            phase: String? = nil,
            reason: String? = nil,
            message: String? = nil,
            conditions: [Condition]? = nil,
            initContainerStatuses: [ContainerStatus]? = nil,
            containerStatuses: [ContainerStatus]? = nil
        ) {
            self.phase = phase
            self.reason = reason
            self.message = message
            self.conditions = conditions
            self.initContainerStatuses = initContainerStatuses
            self.containerStatuses = containerStatuses
        }
    }

    package struct ContainerStatus: Codable, Hashable, Sendable {
        package struct State: Codable, Hashable, Sendable {
            package var waiting: Waiting?
            package var terminated: Terminated?

            package init(waiting: Waiting? = nil, terminated: Terminated? = nil) {
                self.waiting = waiting
                self.terminated = terminated
            }
        }

        package struct Waiting: Codable, Hashable, Sendable {
            package var reason: String?
            package var message: String?

            package init(reason: String? = nil, message: String? = nil) {
                self.reason = reason
                self.message = message
            }
        }

        package struct Terminated: Codable, Hashable, Sendable {
            package var exitCode: Int
            package var reason: String?
            package var message: String?
            package var finishedAt: Timestamp?

            package init(exitCode: Int, reason: String? = nil, message: String? = nil, finishedAt: Timestamp? = nil) {
                self.exitCode = exitCode
                self.reason = reason
                self.message = message
                self.finishedAt = finishedAt
            }
        }

        package var name: String
        package var image: String?
        package var state: State?

        package init(name: String, image: String? = nil, state: State? = nil) {
            self.name = name
            self.image = image
            self.state = state
        }
    }

    package var metadata: ObjectMeta
    package var status: Status?

    package init(metadata: ObjectMeta, status: Status? = nil) {
        self.metadata = metadata
        self.status = status
    }

    /// Whether no container of it can run any more.
    package var hasEnded: Bool { status?.phase == "Succeeded" || status?.phase == "Failed" }
}
