package import FoundationEssentials
package import KubernetesModel
import ReportAPI

/// A Secret of the type `reports.ers.dev/channel`: no other is read.
package struct ChannelSecret: KubernetesResource {
    package static let resourceKind = ResourceKind(group: "", version: "v1", kind: "Secret", plural: "secrets")

    /// Chooses them from all of a namespace, by the server.
    package static let fieldSelector = "type=\(ReportsAPI.channelSecretType)"

    package var metadata: ObjectMeta
    package var type: String?
    /// In base64.
    private var data: [String: String]?

    /// By key; nil of a Secret of another type, whatever a server sent.
    package var values: [String: Data]? {
        guard type == ReportsAPI.channelSecretType else { return nil }
        return (data ?? [:]).compactMapValues { Data(base64Encoded: $0) }
    }
}
