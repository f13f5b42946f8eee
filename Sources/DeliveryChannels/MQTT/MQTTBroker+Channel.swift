import DeliveryPlanning
package import MQTTClient
import NetworkAddresses
package import ReportAPI

extension MQTTBroker {
    /// Of a channel: where it may be, what secures it, and the user we sign in as.
    package init(_ channel: ReportChannelSpec, secrets: ChannelSecrets) throws(ChannelFault) {
        guard let mqtt = channel.mqtt else { throw ChannelFault("spec.mqtt: is required for type MQTT") }
        guard let url = ServerURL(mqtt.server), ["mqtts", "mqtt"].contains(url.scheme) else {
            throw ChannelFault(
                "spec.mqtt.server: \"\(mqtt.server)\" must be mqtts://host:8883 or mqtt://host:1883")
        }
        let isSecure = url.scheme == "mqtts"
        self.init(host: url.host, port: url.port ?? (isSecure ? 8883 : 1883))
        if isSecure { tls = try Self.tls(channel, secrets) }
        if let secret = mqtt.credentials?.secretRef.name {
            guard isSecure else {
                throw ChannelFault(
                    "spec.mqtt.server: \"\(mqtt.server)\" has no TLS, which credentials need; write mqtts://")
            }
            guard let user = secrets.text("user"), let password = secrets.text("password") else {
                throw ChannelFault(
                    "spec.mqtt.credentials: the Secret \"\(secret)\" must have the keys user and password")
            }
            self.user = user
            self.password = password
        }
        addressRule = channel.allowPrivateAddresses == true ? .any : .publicOnly
    }

    private static func tls(_ channel: ReportChannelSpec, _ secrets: ChannelSecrets) throws(ChannelFault) -> TLS {
        var tls = TLS()
        if let secret = channel.tls?.caSecretRef?.name {
            guard let authorities = secrets.authorities, !authorities.isEmpty else {
                throw ChannelFault(
                    "spec.tls.caSecretRef: the Secret \"\(secret)\" has no ca.crt; put the authorities there, in PEM")
            }
            tls.authorities = authorities
        }
        if let secret = channel.tls?.clientCertificateSecretRef?.name {
            guard let certificate = secrets.clientCertificate, let key = secrets.clientKey else {
                throw ChannelFault(
                    "spec.tls.clientCertificateSecretRef: the Secret \"\(secret)\" must have tls.crt and tls.key, in PEM"
                )
            }
            (tls.certificate, tls.key) = (certificate, key)
        }
        return tls
    }
}
