import DeliveryChannels
import FoundationEssentials
import HTTPTransport
import KubernetesModel
import NetworkAddresses
import ReportAPI
import Testing

@Suite("Servers of channels over HTTP") struct ServerTroubleTests {
    @Test(
        "Each fault says whether it passes, and whether anything may have arrived",
        arguments: [
            (HTTPError.Code.resolve, nil, false, SendOutcome.deferred(words: "host: x", after: nil)),
            (.connect, 7, false, .deferred(words: "host: x", after: nil)),
            (.tls, 35, false, .deferred(words: "host: x", after: nil)),
            (.connectionLost, 56, false, .deferred(words: "host: x", after: nil)),
            (.connectionLost, 56, true, .uncertain(words: "host: x")),
            (.timeout(.total), nil, true, .uncertain(words: "host did not answer in time: x")),
            (.timeout(.connect), 28, false, .deferred(words: "host did not answer in time: x", after: nil)),
            (.protocolViolation, 1, true, .uncertain(words: "host: x")),
            (.invalidRequest, nil, false, .deferred(words: "host: x", after: nil)),
            (.invalidRequest, 3, false, .misconfigured(words: "host: x")),
            (
                .addressRefused, nil, false,
                .misconfigured(
                    words: "host may not be connected to: x; set spec.allowPrivateAddresses: true if it is meant")
            ),
            (.tls, 58, false, .misconfigured(words: "host: x; see the Secret of spec.tls.clientCertificateSecretRef")),
            (.tls, 77, false, .misconfigured(words: "host: x; see the Secret of spec.tls.caSecretRef")),
            (
                .tls, 60, false,
                .misconfigured(
                    words: "host: x; for a private authority name a Secret with its ca.crt in spec.tls.caSecretRef")
            ),
            (.cancelled, nil, false, .deferred(words: "Stopped before it was sent", after: nil)),
        ] as [(HTTPError.Code, Int32?, Bool, SendOutcome)])
    func outcomes(code: HTTPError.Code, curl: Int32?, isOut: Bool, outcome: SendOutcome) {
        let error = HTTPError(
            code: code, message: "x", url: "https://host/secret?key=1", curlCode: curl, mayHaveReachedServer: isOut,
            wholeRequestIsOut: isOut)
        #expect(ServerTrouble(error, server: "host").outcome == outcome)
    }

    @Test func aChannelsConnectionsGoThroughNoProxyAndToPublicAddresses() throws {
        var spec = ReportChannelSpec(type: .webhook)
        let strict = try HTTPTransportConfiguration(spec, secrets: ChannelSecrets())
        #expect(strict.proxy == .none && strict.addressRule == .publicOnly && strict.verifiesServer)
        spec.allowPrivateAddresses = true
        #expect(try HTTPTransportConfiguration(spec, secrets: ChannelSecrets()).addressRule == .any)
    }

    @Test func secretsThatLackWhatIsNamedAreFaults() {
        var spec = ReportChannelSpec(type: .webhook)
        spec.tls = .init(caSecretRef: .init(name: "authority"))
        let authority = #expect(throws: ChannelFault.self) {
            try HTTPTransportConfiguration(spec, secrets: ChannelSecrets())
        }
        #expect(
            authority?.description
                == "spec.tls.caSecretRef: Secret authority has no ca.crt; put the authorities there, in PEM")
        spec.tls = .init(clientCertificateSecretRef: .init(name: "client"))
        var secrets = ChannelSecrets()
        secrets.clientCertificate = Data("x".utf8)
        let certificate = #expect(throws: ChannelFault.self) { try HTTPTransportConfiguration(spec, secrets: secrets) }
        #expect(certificate?.description.contains("Secret client must have tls.crt and tls.key") == true)
    }
}
