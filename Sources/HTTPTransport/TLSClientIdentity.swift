/// The certificate (with its chain) and private key that a client shows to the server, both PEM.
package struct TLSClientIdentity: Hashable, Sendable {
    package var certificate: PEMSource
    package var privateKey: PEMSource

    package init(certificate: PEMSource, privateKey: PEMSource) {
        self.certificate = certificate
        self.privateKey = privateKey
    }
}
