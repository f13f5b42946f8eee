import ArgumentParser
import CourierController
import DaemonSupport
import FoundationEssentials
import Glibc
import KubernetesClient
import Logging
import ReportAPI
import ReportStores

struct SignInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-in",
        abstract: "Signs an account in for a channel of type Teams that posts messages.",
        discussion: """
            Shows an address and a code, and waits until somebody has signed in there as the account that shall post. Run it \
            where the courier runs: kubectl exec -it -n report-operator deployment/report-courier -- report-courier sign-in \
            CHANNEL
            """)

    @Argument(help: "The channel's name.")
    var channel: String

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "The namespace of the channels and their Secrets. Default: the pod's own, or the kubeconfig's.")
    var courierNamespace: String?

    @OptionGroup var mongodb: MongoOptions
    @OptionGroup var microsoft: MicrosoftOptions

    /// Where the manifests put the connection string.
    private static let usualFile = "/etc/report-courier/mongodb/uri"

    func validate() throws { try ClusterOptions.check(courierNamespace, option: "--courier-namespace") }

    func run() async throws {
        LogOutput.bootstrap(format: .text, level: .warning)
        let logger = Logger(label: "report-courier")
        let configuration = try cluster.configuration(namespace: courierNamespace)
        var mongodb = mongodb
        if mongodb.mongodbUri == nil, mongodb.mongodbUriFile == nil,
            FileManager.default.fileExists(atPath: Self.usualFile)
        {
            mongodb.mongodbUriFile = Self.usualFile
        }
        guard let address = try mongodb.address(logger: logger) else {
            throw ValidationError("--mongodb-uri or --mongodb-uri-file is required: the sign-in is kept there, sealed")
        }
        let store: ReportStore
        do throws(AddressFault) {
            store = try ReportStore(address: address, applicationName: "report-courier sign-in", logger: logger)
        } catch {
            throw ValidationError("--mongodb-uri: \(error)")
        }
        let client = KubernetesClient(
            configuration: configuration, userAgent: "report-courier/\(Version.current)", logger: logger)
        let signIn = ChannelSignIn(
            client: client, namespace: configuration.namespace, store: store, cloud: microsoft.cloud, logger: logger)
        do {
            try await signIn.run(channel) { Self.say($0) }
        } catch {
            throw ValidationError("\(error)")
        }
        Self.say("The account is signed in; channel \(channel) posts as it from now on.")
    }

    /// At once, while somebody waits for it; and the process ends without exit handlers, which would flush what was printed.
    private static func say(_ message: String) {
        let line = Array("\(message)\n".utf8)
        _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
