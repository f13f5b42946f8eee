import ArgumentParser
import DeliveryChannels
import DeliveryPlanning

/// Where Microsoft signs in and answers, for clouds that can't be told by a site's host.
struct MicrosoftOptions: ParsableArguments {
    @Option(
        help: """
            Where Microsoft signs in, such as https://login.microsoftonline.com; for a cloud of a state that isn't known by its \
            SharePoint sites, with --microsoft-graph.
            """)
    var microsoftLogin: String?

    @Option(help: "Where Microsoft Graph answers, such as https://graph.microsoft.com; with --microsoft-login.")
    var microsoftGraph: String?

    func validate() throws {
        guard (microsoftLogin == nil) == (microsoftGraph == nil) else {
            throw ValidationError("--microsoft-login and --microsoft-graph are given together, or neither is")
        }
        for (option, value) in [("--microsoft-login", microsoftLogin), ("--microsoft-graph", microsoftGraph)] {
            guard let value else { continue }
            guard ServerURL(value)?.scheme == "https", !value.hasSuffix("/") else {
                throw ValidationError("\(option): \(value) must be https://HOST, without a slash at its end")
            }
        }
    }

    /// Nil where each channel's own holds.
    var cloud: MicrosoftCloud? {
        guard let microsoftLogin, let microsoftGraph else { return nil }
        return MicrosoftCloud(login: microsoftLogin, graph: microsoftGraph)
    }
}
