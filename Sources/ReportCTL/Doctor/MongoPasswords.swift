import AsyncSupport
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportClient
import ReportStores

/// Whether MongoDB still takes the users and passwords of others than the operator: of the courier, of the gateway, and of
/// stages. They are in Secrets of their own, which are easily forgotten when a password changes.
struct MongoPasswords: Sendable {
    struct Place: Hashable, Sendable {
        let namespace: String
        let secret: String
        let key: String
        /// Whose it is, such as `the courier`.
        let owner: String
    }

    /// As stages call it, those of the samples and those that use the library.
    private static let variable = "MONGODB_URI"
    /// Of a cluster with many pipelines some are looked at.
    private static let maximum = 20
    private static let secrets = ResourceKind(group: "", version: "v1", kind: "Secret", plural: "secrets")

    let client: KubernetesClient

    static func places(
        operatorNamespace: String, courierNamespace: String, pipelines: [ReportPipeline]
    ) -> [Place] {
        var places = [
            Place(namespace: courierNamespace, secret: "report-courier-mongodb", key: "uri", owner: "the courier"),
            Place(namespace: operatorNamespace, secret: "report-gateway-mongodb", key: "uri", owner: "the gateway"),
        ]
        for pipeline in pipelines.sorted(by: { $0.key.description < $1.key.description }) {
            for variable in (pipeline.spec.value?.stages ?? []).flatMap({ $0.env ?? [] }) {
                guard variable["name"]?.string == Self.variable,
                    let reference = variable["valueFrom"]?["secretKeyRef"],
                    let secret = reference["name"]?.string, let key = reference["key"]?.string
                else { continue }
                let place = Place(
                    namespace: pipeline.metadata.namespace, secret: secret, key: key,
                    owner: "stages of pipeline \(pipeline.metadata.name)")
                let isThere = places.contains {
                    $0.namespace == place.namespace && $0.secret == secret && $0.key == key
                }
                if !isThere { places.append(place) }
            }
        }
        return Array(places.prefix(Self.maximum))
    }

    static func finding(_ place: Place) -> Finding {
        .failure(
            "MongoDB",
            "refuses the user or the password that the Secret \(place.secret) in namespace \(place.namespace) has for "
                + place.owner,
            mend: "write the new one into it, under \(place.key); docs/operations.md says how")
    }

    /// Of those that MongoDB refuses. What may not be read, or can't be reached from here, says nothing.
    func findings(_ places: [Place]) async -> [Finding] {
        await withTaskGroup(of: Int?.self) { group in
            for (index, place) in places.enumerated() {
                group.addTask { await isRefused(place) ? index : nil }
            }
            var refused: [Int] = []
            for await index in group { if let index { refused.append(index) } }
            return refused.sorted().map { Self.finding(places[$0]) }
        }
    }

    private func isRefused(_ place: Place) async -> Bool {
        var logger = Logger(label: "reportctl") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        guard
            let secret = try? await client.whole(Self.secrets, name: place.secret, namespace: place.namespace),
            let encoded = secret["data"]?[place.key]?.string, let data = Data(base64Encoded: encoded),
            let store = try? ReportStore(
                address: String(decoding: data, as: UTF8.self).trimmingSpaces, applicationName: "reportctl",
                followsChanges: false, logger: logger)
        else { return false }
        let result = await Result(catching: { () async throws(StoreTrouble) in try await store.signInAnew() })
        guard case .failure(let trouble) = result else { return false }
        return trouble.isRefusedSignIn
    }
}
