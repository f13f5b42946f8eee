internal import AsyncSupport
internal import FoundationEssentials
package import HTTPTransport
package import Logging

/// A configured issuer and the way to it.
package struct Provider: Sendable {
    package let settings: IssuerSettings
    /// Trusts what the settings trust.
    package let transport: HTTPTransport
    let allowInsecure: Bool

    /// How long one question may take, and how long its answer may be.
    static let patience = HTTPTimeouts(connect: .seconds(5), total: .seconds(10))
    static let bodyLimit = 256 << 10

    package init(settings: IssuerSettings, allowInsecure: Bool, logger: Logger) {
        let authority = settings.caFile.map(PEMSource.file)
        let configuration = HTTPTransportConfiguration(certificateAuthority: authority)
        self.settings = settings
        self.allowInsecure = allowInsecure
        transport = HTTPTransport(configuration: configuration, logger: logger)
    }

    /// What a page says; a redirect is followed nowhere.
    func page(_ url: String) async throws(ProviderTrouble) -> Data {
        let request = HTTPRequest(
            url: url, headers: ["Accept": "application/json"], timeouts: Self.patience, bodyLimit: Self.bodyLimit)
        let result = await Result { () async throws(HTTPError) in try await transport.send(request) }
        switch result {
        case .failure(let error): throw ProviderTrouble("\(error)")
        case .success(let response):
            guard response.status == 200 else { throw ProviderTrouble("\(url) answered \(response.status)") }
            return response.body
        }
    }
}
