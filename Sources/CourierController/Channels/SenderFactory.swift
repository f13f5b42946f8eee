import ControllerRuntime
import DeliveryChannels
import DeliveryPlanning
import FoundationEssentials
import KubernetesModel
import Logging
import MQTTClient
import ReportAPI
import ReportStores

/// Makes a channel's sender from its spec and the Secrets that it names.
struct SenderFactory: Sendable {
    let cache: CourierCache
    /// Whether what isn't a mounted volume is lost with the container.
    let isInPod: Bool
    let signIns: SignInStore
    /// Of Microsoft's; nil where each channel's own holds.
    let cloud: MicrosoftCloud?
    let logger: Logger

    /// What the sender depends on: its channel's spec and the Secrets' versions, and those of the channel that stores
    /// its files.
    func version(of channel: ReportChannel) -> String {
        let secrets = Self.references(in: channel.spec.value).map { name -> String in
            let secret = cache.secrets.get(ObjectKey(namespace: cache.namespace, name: name))
            return "\(name)=\(secret?.metadata.resourceVersion ?? "")"
        }
        let own = "\(channel.metadata.uid)/\(channel.metadata.generation)/" + secrets.joined(separator: ",")
        return Self.storingChannel(of: channel.spec.value).flatMap(files).map { "\(own)/\(version(of: $0))" } ?? own
    }

    /// The Secrets that a channel names, by name.
    static func references(in spec: ReportChannelSpec?) -> [String] {
        guard let spec else { return [] }
        let names = [
            spec.tls?.caSecretRef?.name, spec.tls?.clientCertificateSecretRef?.name, spec.credentials?.secretRef.name,
        ]
        return names.compactMap(\.self)
    }

    /// The channel of type SharePoint that stores a channel's files, by name.
    static func storingChannel(of spec: ReportChannelSpec?) -> String? { spec?.teams?.sharePointChannel }

    /// Such a channel, where there is one: no other depends on a further one.
    private func files(_ name: String) -> ReportChannel? {
        cache.channel(name).flatMap { $0.spec.value?.type == .sharePoint ? $0 : nil }
    }

    func sender(for channel: ReportChannel, _ spec: ReportChannelSpec) throws(ChannelFault) -> any ChannelSender {
        let secrets = try secrets(of: spec)
        switch spec.type {
        case .mail: return try MailSender(spec, secrets: secrets, cloud: cloud ?? .global, logger: logger)
        case .folder: return try FolderSender(spec, secrets: secrets, mayBeContainersOwn: !isInPod)
        case .webhook: return try WebhookSender(spec, secrets: secrets, logger: logger)
        case .sharePoint: return try SharePointSender(spec, secrets: secrets, cloud: cloud, logger: logger)
        case .teams:
            return try TeamsSender(
                spec, name: channel.metadata.name, secrets: secrets, sharePoint: try sharePoint(for: spec),
                vault: StoredSignIns(signIns, channelUID: channel.metadata.uid), cloud: cloud, logger: logger)
        case .mqtt: return try MQTTSender(spec, secrets: secrets)
        }
    }

    /// Of a channel that takes requests in.
    func broker(for spec: ReportChannelSpec) throws(ChannelFault) -> MQTTBroker {
        try MQTTBroker(spec, secrets: try secrets(of: spec))
    }

    private func sharePoint(for spec: ReportChannelSpec) throws(ChannelFault) -> SharePointSender? {
        guard let name = Self.storingChannel(of: spec) else { return nil }
        guard let channel = files(name), let files = channel.spec.value, let sharePoint = files.sharePoint else {
            throw ChannelFault(
                "spec.teams.sharePointChannel: there is no channel \"\(name)\" of the type SharePoint in the namespace "
                    + cache.namespace)
        }
        if let obstacle = ChannelCheck.obstacle(to: channel, courierNamespace: cache.namespace) {
            throw ChannelFault("spec.teams.sharePointChannel: channel \"\(name)\": \(obstacle.message)")
        }
        // One namespace's file could otherwise take the place of another's.
        let isApart = (try? ChannelPath(sharePoint.path))?.names.contains("namespace") ?? false
        guard isApart || files.allowedNamespaces == spec.allowedNamespaces else {
            throw ChannelFault(
                "spec.teams.sharePointChannel: the path of channel \"\(name)\" has no {namespace}, so that "
                    + "allowedNamespaces must be the same here and there")
        }
        do throws(ChannelFault) {
            return try SharePointSender(files, secrets: try secrets(of: files), cloud: cloud, logger: logger)
        } catch {
            throw ChannelFault("spec.teams.sharePointChannel: channel \"\(name)\": \(error)")
        }
    }

    private func secrets(of spec: ReportChannelSpec) throws(ChannelFault) -> ChannelSecrets {
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
        return secrets
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
