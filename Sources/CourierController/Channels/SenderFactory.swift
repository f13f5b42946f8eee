import ControllerRuntime
import DeliveryChannels
import FoundationEssentials
import KubernetesModel
import Logging
import ReportAPI

/// Makes a channel's sender from its spec and the Secrets that it names.
struct SenderFactory: Sendable {
    let cache: CourierCache
    /// Whether what isn't a mounted volume is lost with the container.
    let isInPod: Bool
    let logger: Logger

    /// What the sender depends on: its channel's spec and the Secrets' versions.
    func version(of channel: ReportChannel) -> String {
        let secrets = Self.references(in: channel.spec.value).map { name -> String in
            let secret = cache.secrets.get(ObjectKey(namespace: cache.namespace, name: name))
            return "\(name)=\(secret?.metadata.resourceVersion ?? "")"
        }
        return "\(channel.metadata.uid)/\(channel.metadata.generation)/" + secrets.joined(separator: ",")
    }

    /// The Secrets that a channel names, by name.
    static func references(in spec: ReportChannelSpec?) -> [String] {
        guard let spec else { return [] }
        let names = [
            spec.tls?.caSecretRef?.name, spec.tls?.clientCertificateSecretRef?.name, spec.credentials?.secretRef.name,
        ]
        return names.compactMap(\.self)
    }

    func sender(for spec: ReportChannelSpec, named name: String) throws(ChannelFault) -> any ChannelSender {
        var secrets = ChannelSecrets()
        if let reference = spec.credentials?.secretRef {
            secrets.credentials = try values(of: reference.name, field: "credentials.secretRef.name")
        }
        if let reference = spec.tls?.caSecretRef {
            secrets.authorities = try value(of: reference.name, key: "ca.crt", field: "tls.caSecretRef.name")
        }
        if let reference = spec.tls?.clientCertificateSecretRef {
            let field = "tls.clientCertificateSecretRef.name"
            secrets.clientCertificate = try value(of: reference.name, key: "tls.crt", field: field)
            secrets.clientKey = try value(of: reference.name, key: "tls.key", field: field)
        }
        switch spec.type {
        case .mail: return try MailSender(spec, secrets: secrets)
        case .folder: return try FolderSender(spec, secrets: secrets, mayBeContainersOwn: !isInPod)
        case .webhook: return try WebhookSender(spec, secrets: secrets, logger: logger)
        case .sharePoint: return try SharePointSender(spec, secrets: secrets, logger: logger)
        case .mqtt, .teams:
            throw ChannelFault("spec.type: \(spec.type.rawValue) is not supported by this version")
        }
    }

    private func values(of name: String, field: String) throws(ChannelFault) -> [String: Data] {
        guard let secret = cache.secrets.get(ObjectKey(namespace: cache.namespace, name: name)),
            let values = secret.values
        else {
            throw ChannelFault(
                "spec.\(field): there is no Secret \"\(name)\" of the type \(ReportsAPI.channelSecretType) in the namespace "
                    + "\(cache.namespace); create it with kubectl create secret generic \(name) -n \(cache.namespace) "
                    + "--type=\(ReportsAPI.channelSecretType) --from-literal=…")
        }
        return values
    }

    private func value(of name: String, key: String, field: String) throws(ChannelFault) -> Data {
        guard let value = try values(of: name, field: field)[key], !value.isEmpty else {
            throw ChannelFault("spec.\(field): the Secret \"\(name)\" has no key \"\(key)\"; add it")
        }
        return value
    }
}

extension ReportChannelSpec {
    /// Of whatever type it is.
    var credentials: Credentials? {
        switch type {
        case .mail: mail?.credentials
        case .sharePoint: sharePoint?.credentials
        case .teams: teams?.credentials
        case .webhook: webhook?.credentials
        case .mqtt: mqtt?.credentials
        case .folder: nil
        }
    }
}
