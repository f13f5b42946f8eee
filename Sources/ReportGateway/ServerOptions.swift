import ArgumentParser
import FoundationEssentials
import GatewayServer
import NetworkAddresses

/// How people and programs come to the gateway.
struct ServerOptions: ParsableArguments {
    @Option(help: "Where it listens, as ADDRESS:PORT.")
    var address = "0.0.0.0:8080"

    @Option(help: "The path that everything stands under, such as /reports, where something before it leads there.")
    var basePath = "/"

    @Option(help: "A folder with the page, as hack/lib/page/build makes it. Default: no page, REST alone.")
    var page: String?

    @Option(help: "A PEM file with the certificate and its chain; read again when it changes. Needs --tls-key.")
    var tlsCertificate: String?

    @Option(help: "A PEM file with the certificate's key.")
    var tlsKey: String?

    @Flag(help: "People come by https all the same: something before it, such as an ingress, has the certificate.")
    var behindTls = false

    @Option(
        help:
            "An address or a range, such as 10.0.0.0/8, of a proxy whose X-Forwarded-For is believed. May be repeated.")
    var trustedProxy: [String] = []

    @Option(help: "Where the page may stand in a frame, such as https://teams.microsoft.com. May be repeated.")
    var frameAncestors: [String] = []

    @Option(help: "Requests a minute that one person may make; 0: as many as she likes.")
    var requestsPerMinute = 600

    @Option(help: "Event streams that one person may have open.")
    var streamsPerPerson = 20

    func validate() throws { _ = try options() }

    func options() throws -> GatewayOptions {
        var options = GatewayOptions()
        (options.host, options.port) = try hostAndPort()
        options.basePath = try path()
        options.pageFolder = page
        switch (tlsCertificate, tlsKey) {
        case (let chain?, let key?): options.certificate = (chain, key)
        case (nil, nil): break
        default: throw ValidationError("--tls-certificate and --tls-key belong together; give both or none")
        }
        options.isBehindTLS = behindTls
        options.trustedProxies = try trustedProxy.map { text in
            guard let range = IPAddressRange(text) else {
                throw ValidationError("--trusted-proxy: \"\(text)\" is not an address or a range such as 10.0.0.0/8")
            }
            return range
        }
        for origin in frameAncestors {
            guard origin.hasPrefix("https://"),
                origin.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != 0x3B && $0 != 0x2C })
            else {
                throw ValidationError(
                    "--frame-ancestors: \"\(origin)\" is not an origin such as https://example.com")
            }
        }
        options.frameAncestors = frameAncestors
        guard requestsPerMinute == 0 || (10...1_000_000).contains(requestsPerMinute) else {
            throw ValidationError("--requests-per-minute: \(requestsPerMinute) is neither 0 nor from 10 to 1000000")
        }
        options.requestsPerMinute = requestsPerMinute
        guard (1...1000).contains(streamsPerPerson) else {
            throw ValidationError("--streams-per-person: \(streamsPerPerson) is out of bounds; allowed are 1 to 1000")
        }
        options.streamsPerPerson = streamsPerPerson
        return options
    }

    private func hostAndPort() throws -> (String, Int) {
        guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]),
            (1...65535).contains(port)
        else { throw ValidationError("--address: \"\(address)\" is not ADDRESS:PORT, such as 0.0.0.0:8080") }
        var host = String(address[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else {
            throw ValidationError("--address: \"\(address)\" has no address; 0.0.0.0 means all of the machine's")
        }
        return (host, port)
    }

    /// From slash to slash.
    private func path() throws -> String {
        let parts = basePath.split(separator: "/")
        guard basePath.hasPrefix("/"),
            parts.allSatisfy({ part in
                part != "." && part != ".."
                    && part.utf8.allSatisfy { byte in
                        byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
                            || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                            || (0x61...0x7A).contains(byte)
                    }
            })
        else { throw ValidationError("--base-path: \"\(basePath)\" is not a path such as /reports") }
        return parts.isEmpty ? "/" : "/\(parts.joined(separator: "/"))/"
    }
}
