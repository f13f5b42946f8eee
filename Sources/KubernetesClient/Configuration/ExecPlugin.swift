public import FoundationEssentials

/// A credential plugin: a program that prints an `ExecCredential` of `client.authentication.k8s.io`.
public struct ExecPlugin: Hashable, Sendable {
    public enum APIVersion: String, Hashable, Sendable, CaseIterable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    public enum InteractiveMode: String, Hashable, Sendable, CaseIterable {
        case never = "Never"
        case ifAvailable = "IfAvailable"
        case always = "Always"
    }

    /// A path, or a name that is looked for in `PATH`.
    public var command: String
    public var arguments: [String]
    /// The whole environment of the program.
    public var environment: [String: String]
    public var apiVersion: APIVersion
    public var interactiveMode: InteractiveMode
    /// What to say to the user when there is no such program.
    public var installHint: String?
    /// The cluster as the program is told of it, an object in JSON; nil when it isn't to be told.
    public var clusterInfo: Data?
    /// How long the program may take.
    public var timeout: Duration

    public init(
        command: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        apiVersion: APIVersion = .v1,
        interactiveMode: InteractiveMode = .never,
        installHint: String? = nil,
        clusterInfo: Data? = nil,
        timeout: Duration = .seconds(60)
    ) {
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.apiVersion = apiVersion
        self.interactiveMode = interactiveMode
        self.installHint = installHint
        self.clusterInfo = clusterInfo
        self.timeout = timeout
    }
}
