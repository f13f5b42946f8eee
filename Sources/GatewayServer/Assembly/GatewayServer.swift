package import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdHTTP2
internal import HummingbirdTLS
package import KubernetesClient
package import Logging
internal import NIOCertificateReloading
internal import NIOCore
internal import NIOSSL
package import PrometheusMetrics
package import ReportStores
package import ServiceLifecycle
internal import ZoneFiles

/// The watches, the routes and the server, put together.
package struct GatewayServer: Sendable {
    /// What has to run. In a service group, whose shutdown goes backwards, nobody is served any more when the watches end.
    package let services: [any Service]
    /// What has to be known before anybody is served.
    package let stores: [any SyncedStore]

    /// Throws what is wrong with the page's folder or the certificate, in words.
    package init(
        client: KubernetesClient, anonymous: KubernetesClient, identity: GatewayIdentitySources,
        options: GatewayOptions, store: ReportStore?,
        metrics: MetricsRegistry, logger: Logger
    ) async throws {
        let cache = GatewayCache(
            watchesNamespaces: options.namespace == nil, clusterName: options.clusterName)
        let hub = EventHub()
        let zones = ZoneFiles()
        let reviewer = AccessReviewer(client: client, only: options.namespace)
        let gateway = Gateway(
            authenticator: Authenticator(reviewer: TokenReviewer(client: client), identity: identity),
            cache: cache, records: store.map(RecordDesk.init),
            namespaces: cache.allNamespaces.map { NamespaceBook($0) } ?? NamespaceBook(readingBy: client),
            reviewer: reviewer,
            clients: CallerClients(gateway: client, anonymous: anonymous, rule: identity.rule), hub: hub, zones: zones,
            courierNamespace: options.courierNamespace,
            limiter: RateLimiter(perMinute: options.requestsPerMinute))
        let streams = EventStreams(
            hub: hub, authenticator: gateway.authenticator, reviewer: reviewer,
            limits: StreamLimits(perPerson: options.streamsPerPerson, total: options.streams))
        var routes = gateway.routes(streams)
        SignInRoutes(
            sessions: identity.sessions, limiter: RateLimiter(perMinute: 120), basePath: options.basePath
        ).add(to: &routes)
        AlertRoutes(
            triggers: cache.triggers, channels: cache.channels, client: client, limiter: gateway.limiter,
            logger: logger, now: { Date() }
        ).add(to: &routes)
        let responder = GatewayResponder(
            router: routes.router.buildResponder(), methods: routes.table,
            page: try options.pageFolder.map { try PageFiles(folder: $0, basePath: options.basePath) } ?? .none,
            basePath: options.basePath,
            security: SecurityHeaders(frameAncestors: options.frameAncestors, isSecure: options.isSecure),
            addresses: ClientAddress(trusted: options.trustedProxies),
            metrics: GatewayMetrics(registry: metrics) { hub.count }, logger: logger)
        let (builder, reloader) = try await Self.builder(options, logger)
        if let certificate = options.certificate {
            metrics.gauge(
                "report_gateway_certificate_expiry_timestamp_seconds",
                help: "When the certificate that is served ends to be valid; absent while its file can't be read."
            ) {
                // Renewed files are taken up by themselves, so that the file is what is served.
                (try? NIOSSLCertificate.fromPEMFile(certificate.chain))?.first.map { Double($0.notValidAfter) }
            }
        }
        let application = Application(
            responder: responder, server: builder,
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: nil, backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(options.connections)),
            logger: logger.quieter)
        stores = cache.stores
        services =
            cache.watches(
                client, namespace: options.namespace, courierNamespace: options.courierNamespace, metrics: metrics,
                logger: logger)
            + [reloader].compactMap(\.self)
            + [
                EventFeed(cache: cache, hub: hub, zones: zones),
                ServedWhenSynced(stores: cache.stores, hub: hub, server: application),
            ]
    }

    /// Half a header, and a connection that nothing comes over, are given up after that.
    private static let idleTimeout: TimeAmount = .seconds(75)

    private static func builder(
        _ options: GatewayOptions, _ logger: Logger
    ) async throws -> (HTTPServerBuilder, (any Service)?) {
        let limits = HTTP1Channel.Configuration(
            additionalChannelHandlers: [StalledReaderHandler()],
            idleTimeout: idleTimeout,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
        guard let certificate = options.certificate else { return (.http1(configuration: limits), nil) }
        let reloader = try TimedCertificateReloader.makeReloaderValidatingSources(
            refreshInterval: .seconds(30),
            certificateSource: .init(location: .file(path: certificate.chain), format: .pem),
            privateKeySource: .init(location: .file(path: certificate.key), format: .pem), logger: logger)
        let configuration = try TLSConfiguration.makeServerConfiguration(certificateReloader: reloader)
        var http2 = HTTP2UpgradeChannel.Configuration()
        http2.streamConfiguration = limits
        return (try .http2Upgrade(tlsConfiguration: configuration, configuration: http2), reloader)
    }
}

/// Takes connections when there is something to answer with.
private struct ServedWhenSynced<Server: Service>: Service {
    let stores: [any SyncedStore]
    let hub: EventHub
    let server: Server

    func run() async throws {
        let isReady = await cancelWhenGracefulShutdown {
            for store in stores {
                guard (try? await store.waitUntilSynced()) != nil else { return false }
            }
            return true
        }
        guard isReady else { return }
        try await withGracefulShutdownHandler {
            try await server.run()
        } onGracefulShutdown: {
            // It ends with the last answer, and these would go on.
            hub.close()
        }
    }
}

extension Logger {
    /// The server itself tells too much of each connection.
    fileprivate var quieter: Logger {
        var logger = self
        logger.logLevel = max(logLevel, .notice)
        return logger
    }
}
