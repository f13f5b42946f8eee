package import HTTPTransport

/// Why a request to a channel's server came to nothing, in a sentence that says what to do; of any channel over HTTP.
package struct ServerTrouble: Hashable, Sendable {
    /// Whether it passes by itself, or someone has to mend the channel.
    package let mayPass: Bool
    package let words: String
    /// Whether the server may have all of the request.
    package let mayHaveArrived: Bool

    /// `server`: its name, as messages show it.
    package init(_ error: HTTPError, server: String) {
        switch error.code {
        case .addressRefused:
            mayPass = false
            words =
                "\(server) may not be connected to: \(error.message); set spec.allowPrivateAddresses: true if it is meant"
        case .tls where Self.isConfiguration(error):
            mayPass = false
            words = "\(server): \(error.message); \(Self.advice(error))"
        case .connectionLost where Self.certificateAlerts.contains(where: error.message.contains):
            mayPass = false
            words =
                "\(server) doesn't take our certificate: \(error.message); see spec.tls.clientCertificateSecretRef"
        case .invalidRequest where error.curlCode != nil:
            mayPass = false
            words = "\(server): \(error.message)"
        case .resolve, .connect, .tls, .connectionLost, .protocolViolation, .bodyTooLarge, .invalidRequest, .other:
            mayPass = true
            words = "\(server): \(error.message)"
        case .timeout:
            mayPass = true
            words = "\(server) did not answer in time: \(error.message)"
        case .cancelled, .shutdown:
            mayPass = true
            words = error.mayHaveReachedServer ? "Stopped while it was sent to \(server)" : "Stopped before it was sent"
        }
        mayHaveArrived = mayPass && error.wholeRequestIsOut
    }

    /// What it means for a copy that the request carried.
    package var outcome: SendOutcome {
        if !mayPass { return .misconfigured(words: words) }
        return mayHaveArrived ? .uncertain(words: words) : .deferred(words: words, after: nil)
    }

    package var trial: ChannelTrial { mayPass ? .unreachable(words: words) : .misconfigured(words: words) }

    /// libcurl's numbers of what doesn't pass: files of ours that can't be used (58, 59, 77, 83), and a certificate that
    /// isn't trusted (60). Other handshakes fail when a server restarts.
    private static func isConfiguration(_ error: HTTPError) -> Bool {
        error.curlCode.map { [58, 59, 60, 77, 83].contains($0) } ?? false
            || certificateAlerts.contains(where: error.message.contains)
    }

    private static func advice(_ error: HTTPError) -> String {
        switch error.curlCode {
        case 58, 59: "see the Secret of spec.tls.clientCertificateSecretRef"
        case 60: "for a private authority name a Secret with its ca.crt in spec.tls.caSecretRef"
        case 77, 83: "see the Secret of spec.tls.caSecretRef"
        default: "see tls"
        }
    }

    /// As OpenSSL writes what the server says of our certificate.
    private static let certificateAlerts = [
        "alert certificate required", "alert bad certificate", "alert unknown ca", "alert certificate expired",
        "alert certificate unknown", "alert certificate revoked", "alert access denied",
    ]
}
