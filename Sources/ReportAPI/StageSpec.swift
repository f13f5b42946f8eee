public import KubernetesModel

/// One step of a report: a container that runs to its end.
public struct StageSpec: Codable, Hashable, Sendable {
    /// Seconds that a stage may wait for its start where it doesn't say.
    public static let defaultStartSeconds: Int64 = 30 * 60

    public var name: String
    public var title: String?
    public var image: String
    public var command: [String]?
    public var args: [String]?
    /// Kubernetes' `EnvVar`s, passed through.
    public var env: [JSONValue]?
    /// Kubernetes' `EnvFromSource`s, passed through.
    public var envFrom: [JSONValue]?
    /// Kubernetes' `ResourceRequirements`, passed through.
    public var resources: JSONValue?
    /// Of this stage, from its Job's start.
    public var timeout: ReportDuration?
    /// How long a pod of it may wait for its start; `defaultStartSeconds` when absent.
    public var startTimeout: ReportDuration?
    /// The Job's backoffLimit; 0 when absent.
    public var retries: Int?
    /// The stages that must have succeeded; the stage before it in the list when absent.
    public var dependsOn: [String]?
    /// Anything else of a pod, merged under the fields above.
    public var podTemplate: JSONValue?

    public init(
        name: String,
        title: String? = nil,
        image: String,
        command: [String]? = nil,
        args: [String]? = nil,
        env: [JSONValue]? = nil,
        envFrom: [JSONValue]? = nil,
        resources: JSONValue? = nil,
        timeout: ReportDuration? = nil,
        startTimeout: ReportDuration? = nil,
        retries: Int? = nil,
        dependsOn: [String]? = nil,
        podTemplate: JSONValue? = nil
    ) {
        self.name = name
        self.title = title
        self.image = image
        self.command = command
        self.args = args
        self.env = env
        self.envFrom = envFrom
        self.resources = resources
        self.timeout = timeout
        self.startTimeout = startTimeout
        self.retries = retries
        self.dependsOn = dependsOn
        self.podTemplate = podTemplate
    }
}
