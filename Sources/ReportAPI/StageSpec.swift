package import KubernetesModel

/// One step of a report: a container that runs to its end.
package struct StageSpec: Codable, Hashable, Sendable {
    /// Seconds that a stage may wait for its start where it doesn't say.
    package static let defaultStartSeconds: Int64 = 30 * 60

    package var name: String
    package var title: String?
    package var image: String
    package var command: [String]?
    package var args: [String]?
    /// Kubernetes' `EnvVar`s, passed through.
    package var env: [JSONValue]?
    /// Kubernetes' `EnvFromSource`s, passed through.
    package var envFrom: [JSONValue]?
    /// Kubernetes' `ResourceRequirements`, passed through.
    package var resources: JSONValue?
    /// Of this stage, from its Job's start.
    package var timeout: ReportDuration?
    /// How long a pod of it may wait for its start; `defaultStartSeconds` when absent.
    package var startTimeout: ReportDuration?
    /// The Job's backoffLimit; 0 when absent.
    package var retries: Int?
    /// The stages that must have succeeded; the stage before it in the list when absent.
    package var dependsOn: [String]?
    /// Anything else of a pod, merged under the fields above.
    package var podTemplate: JSONValue?

    package init(
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
