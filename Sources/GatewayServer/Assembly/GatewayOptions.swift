package import NetworkAddresses

/// What the gateway is told.
package struct GatewayOptions: Sendable {
    package var host = "0.0.0.0"
    package var port = 8080
    /// From slash to slash: what everything is served under.
    package var basePath = "/"
    /// The only namespace; nil for all.
    package var namespace: String?
    /// What the cluster is called; nil where it has no name.
    package var clusterName: String?
    /// Where the channels are.
    package var courierNamespace = "reports-system"
    /// The folder with the page; nil: there is none.
    package var pageFolder: String?
    /// PEM files of the certificate and its key, read again when they change; nil: plain HTTP, behind something that has one.
    package var certificate: (chain: String, key: String)?
    /// Whether people come by https all the same.
    package var isBehindTLS = false
    /// Whose `X-Forwarded-For` is believed.
    package var trustedProxies: [IPAddressRange] = []
    /// The sites that may frame the page.
    package var frameAncestors: [String] = []
    package var requestsPerMinute = 600
    package var streamsPerPerson = 20
    package var streams = 5000
    package var connections = 8000

    package init() {}

    var isSecure: Bool { certificate != nil || isBehindTLS }
}
