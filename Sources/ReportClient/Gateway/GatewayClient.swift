import AsyncSupport
public import FoundationEssentials
import HTTPTransport
import JSONReading
public import KubernetesClient
public import KubernetesModel
public import Logging
import NetworkAddresses
import ReportAPI

/// A gateway, asked by the holder of that token: it shows what the API server lets them see.
public struct GatewayClient: Sendable {
    public let address: GatewayAddress
    private let token: Secret
    private let transport: HTTPTransport

    /// `certificateAuthority`: a file in PEM; nil for the system's authorities.
    public init(_ address: GatewayAddress, token: Secret, certificateAuthority: String?, logger: Logger) {
        self.address = address
        self.token = token
        transport = HTTPTransport(
            configuration: HTTPTransportConfiguration(certificateAuthority: certificateAuthority.map(PEMSource.file)),
            logger: logger)
    }

    /// Asks with the token that the kubeconfig gives. Throws `GatewayTrouble`.
    public init(
        _ address: GatewayAddress, as configuration: ClientConfiguration, _ client: KubernetesClient,
        certificateAuthority: String?, logger: Logger
    ) async throws {
        guard configuration.impersonation == nil else {
            throw GatewayTrouble.withoutToken(fault: "the kubeconfig acts as somebody else, which a gateway doesn't")
        }
        do {
            guard let token = try await client.bearerToken() else {
                throw GatewayTrouble.withoutToken(
                    fault: "the kubeconfig has no token, such as one with a client certificate")
            }
            self.init(address, token: token, certificateAuthority: certificateAuthority, logger: logger)
        } catch let error as KubernetesError {
            throw GatewayTrouble.withoutToken(fault: error.message)
        }
    }

    /// An answer in JSON; nil where there is no such thing, or none for the caller. `path`: its segments, behind `/api/v1`.
    /// Throws `GatewayTrouble`.
    public func find(_ path: [String], _ query: [(String, String)] = []) async throws -> JSONValue? {
        let request = request(path, query, within: .seconds(120))
        let answer = await Result { () async throws(HTTPError) in try await transport.send(request) }
        let response: HTTPResponse
        switch answer {
        case .success(let answer): response = answer
        case .failure(let error): throw GatewayTrouble.unreachable(address.text, fault: error.message)
        }
        guard response.status == 200 else {
            let refusal = refusal(response.status, response.body)
            if case .refused(_, status: 404, _) = refusal { return nil }
            throw refusal
        }
        guard let value = try? JSONReader().decode(JSONValue.self, from: response.body), value.object != nil else {
            throw GatewayTrouble.foreign(address.text)
        }
        return value
    }

    /// Hands over the bytes of a file, in order. Throws `GatewayTrouble`, or what `take` does.
    public func download(_ path: [String], within limit: Duration, _ take: (Data) throws -> Void) async throws {
        do {
            let response = try await transport.stream(request(path, [], within: limit))
            guard response.status == 200 else {
                var body = Data()
                for try await piece in response.body where body.count < 64 << 10 { body += piece }
                throw refusal(response.status, body)
            }
            for try await piece in response.body { try take(piece) }
        } catch let error as HTTPError {
            throw GatewayTrouble.unreachable(address.text, fault: error.message)
        }
    }

    private func request(_ path: [String], _ query: [(String, String)], within limit: Duration) -> HTTPRequest {
        let words = query.map { "\(PercentEncoding.component($0))=\(PercentEncoding.component($1))" }
        return HTTPRequest(
            url: "\(address.text)/api/v1/" + PercentEncoding.path(path)
                + (words.isEmpty ? "" : "?" + words.joined(separator: "&")),
            headers: [
                "Accept": "application/json, */*;q=0.5", "Authorization": "Bearer \(token.value)",
                "User-Agent": "reportctl/\(Version.current)",
            ],
            timeouts: HTTPTimeouts(total: limit), acceptsCompression: true)
    }

    private func refusal(_ status: Int, _ body: Data) -> GatewayTrouble {
        guard let problem = try? JSONReader().decode(JSONValue.self, from: body), let title = problem["title"]?.string
        else { return .foreign(address.text) }
        return .refused(address.text, status: status, detail: problem["detail"]?.string ?? title)
    }
}

/// Why the gateway can't be asked, or doesn't answer what was asked.
public enum GatewayTrouble: Error, Hashable, Sendable {
    /// The address, and what is wrong with it.
    case address(String, fault: String)
    /// The kubeconfig has no token, such as one with a client certificate; or it acts as somebody else.
    case withoutToken(fault: String)
    /// There was no whole answer; which address, and why.
    case unreachable(String, fault: String)
    /// It answered so. `detail`: in its own words.
    case refused(String, status: Int, detail: String)
    /// Something else answers there.
    case foreign(String)
}
