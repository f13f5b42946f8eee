/// A pod as it is observed: whether it runs still, and why it doesn't.
public struct Pod: KubernetesResource, Hashable {
    public static let resourceKind = ResourceKind(group: "", version: "v1", kind: "Pod", plural: "pods")

    public struct Spec: Codable, Hashable, Sendable {
        /// Where it runs; nil before it has a place.
        public var nodeName: String?

        public init(nodeName: String? = nil) { self.nodeName = nodeName }
    }

    public struct Status: Codable, Hashable, Sendable {
        /// Pending, Running, Succeeded, Failed or Unknown.
        public var phase: String?
        public var reason: String?
        public var message: String?
        public var conditions: [Condition]?
        public var initContainerStatuses: [ContainerStatus]?
        public var containerStatuses: [ContainerStatus]?

        public init(
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

    public struct ContainerStatus: Codable, Hashable, Sendable {
        public struct State: Codable, Hashable, Sendable {
            public var waiting: Waiting?
            public var terminated: Terminated?

            public init(waiting: Waiting? = nil, terminated: Terminated? = nil) {
                self.waiting = waiting
                self.terminated = terminated
            }
        }

        public struct Waiting: Codable, Hashable, Sendable {
            public var reason: String?
            public var message: String?

            public init(reason: String? = nil, message: String? = nil) {
                self.reason = reason
                self.message = message
            }
        }

        public struct Terminated: Codable, Hashable, Sendable {
            public var exitCode: Int
            public var reason: String?
            public var message: String?
            public var finishedAt: Timestamp?

            public init(exitCode: Int, reason: String? = nil, message: String? = nil, finishedAt: Timestamp? = nil) {
                self.exitCode = exitCode
                self.reason = reason
                self.message = message
                self.finishedAt = finishedAt
            }
        }

        public var name: String
        public var image: String?
        public var state: State?

        public init(name: String, image: String? = nil, state: State? = nil) {
            self.name = name
            self.image = image
            self.state = state
        }
    }

    public var metadata: ObjectMeta
    public var spec: Spec?
    public var status: Status?

    public init(metadata: ObjectMeta, spec: Spec? = nil, status: Status? = nil) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    /// Whether no container of it can run any more.
    public var hasEnded: Bool { status?.phase == "Succeeded" || status?.phase == "Failed" }
}
