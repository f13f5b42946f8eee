/// Where Microsoft signs in and answers: one address each for all of the world, and others for the clouds of states.
package struct MicrosoftCloud: Hashable, Sendable {
    /// Without a slash at the end, as is `graph`.
    package var login: String
    /// Without the version.
    package var graph: String

    package init(login: String, graph: String) {
        self.login = login
        self.graph = graph
    }

    package static let global = MicrosoftCloud(
        login: "https://login.microsoftonline.com", graph: "https://graph.microsoft.com")

    /// By the host of a SharePoint site.
    ///
    /// Source: Microsoft, "National cloud deployments" (Microsoft Graph).
    package init(siteHost host: String) {
        let clouds = [
            (".sharepoint.us", "https://login.microsoftonline.us", "https://graph.microsoft.us"),
            (".sharepoint-mil.us", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
            (".sharepoint.cn", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"),
        ]
        let cloud = clouds.first { host.hasSuffix($0.0) }
        self = cloud.map { MicrosoftCloud(login: $0.1, graph: $0.2) } ?? .global
    }

    func tokenURL(_ tenant: String) -> String { "\(login)/\(tenant)/oauth2/v2.0/token" }

    func deviceCodeURL(_ tenant: String) -> String { "\(login)/\(tenant)/oauth2/v2.0/devicecode" }
}
