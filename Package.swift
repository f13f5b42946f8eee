// swift-tools-version: 6.2

import PackageDescription

// The arrows of the house: a target may import what stands in its `dependencies` and nothing else.
// Only HTTPTransport, MailTransport, MQTTClient, YAMLCoding, MongoClient, RedisClient, Digests and ReportRendering import C,
// and they import it internally.
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let hummingbird: [Target.Dependency] =
    ["Hummingbird", "HummingbirdCore", "HummingbirdTLS", "HummingbirdHTTP2"].map {
        .product(name: $0, package: "hummingbird")
    } + [
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCertificateReloading", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
    ]
// An HTTP server that keeps clear of Foundation, whose ICU would be most of the operator's resident memory.
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { .product(name: $0, package: "swift-nio") }

let package = Package(
    name: "report-operator",
    products: [
        .executable(name: "report-operator", targets: ["ReportOperator"]),
        .executable(name: "report-courier", targets: ["ReportCourier"]),
        .executable(name: "report-gateway", targets: ["ReportGateway"]),
        .executable(name: "reportctl", targets: ["ReportCTL"]),
        // What others may build on: docs/libraries.md. A product has the modules whose types its own show.
        .library(
            name: "KubernetesClient",
            targets: [
                "KubernetesClient", "KubernetesModel", "HTTPTransport", "NetworkAddresses", "JSONReading", "TextCuts",
            ]),
        .library(name: "ControllerRuntime", targets: ["ControllerRuntime", "PrometheusMetrics", "AsyncSupport"]),
        .library(name: "ReportAPI", targets: ["ReportAPI"]),
        .library(name: "ReportClient", targets: ["ReportClient", "ReportRecords"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.90.0"),
        // For the gateway alone. Without their traits they keep clear of Foundation's ICU, too.
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.0"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CMongoC", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
        // Without pkg-config: hiredis' header stands where every compiler looks, and its one flag is one that SwiftPM
        // refuses with a warning at each build.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPangoCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CXlsxWriter", providers: [.apt(["libxlsxwriter-dev", "zlib1g-dev"])]),

        .target(name: "HTTPTransport", dependencies: ["AsyncSupport", "NetworkAddresses", "CCurl", logging]),
        .target(name: "MailMessages", dependencies: ["KubernetesModel"]),
        .target(
            name: "MailTransport",
            dependencies: ["AsyncSupport", "MailMessages", "NetworkAddresses", "TextCuts", "CCurl"]),
        .target(name: "NetworkAddresses"),
        .target(
            name: "MQTTClient", dependencies: ["AsyncSupport", "NetworkAddresses", "CMosquitto", "COpenSSL"]),
        .target(name: "YAMLCoding", dependencies: ["CYAML"]),
        // MongoDB's documents and their bytes. Pure.
        .target(name: "BSON"),
        // Documents in plain English, and back. Pure.
        .target(name: "ReportArchive", dependencies: ["BSON", "KubernetesModel"]),
        .target(
            name: "ArchiveFiles",
            dependencies: [
                "AsyncSupport", "BSON", "Digests", "ObjectStorage", "ReportArchive", "ReportRecords", "ReportStores",
                logging,
            ]),
        .target(name: "MongoClient", dependencies: ["AsyncSupport", "BSON", "TextCuts", "CMongoC", logging]),
        .target(name: "RedisClient", dependencies: ["AsyncSupport", "CHiredis", "COpenSSL", logging]),
        .target(name: "JSONReading"),
        // Texts by their bytes. Pure.
        .target(name: "TextCuts"),
        .target(name: "KubernetesModel", dependencies: ["JSONReading", "TextCuts"]),
        .target(
            name: "KubernetesClient",
            dependencies: [
                "AsyncSupport", "HTTPTransport", "JSONReading", "NetworkAddresses", "YAMLCoding", "KubernetesModel",
                logging,
            ]
        ),
        .target(
            name: "ControllerRuntime",
            dependencies: [
                "AsyncSupport", "PrometheusMetrics", "KubernetesClient", "KubernetesModel", lifecycle, logging,
            ]
        ),
        .target(name: "Calendars", dependencies: ["KubernetesModel"]),
        .target(name: "AsyncSupport"),
        .target(name: "ProgramPages"),
        .target(name: "PrometheusMetrics", dependencies: ["AsyncSupport"]),
        .target(name: "ReportAPI", dependencies: ["JSONReading", "KubernetesModel"]),
        .target(name: "ReportRecords", dependencies: ["JSONReading", "ReportAPI", "KubernetesModel"]),
        .target(
            name: "ReportLayout", dependencies: ["Calendars", "ReportRecords", "ReportAPI", "KubernetesModel"]),
        .target(
            name: "ReportRendering",
            dependencies: [
                "ReportLayout", "ReportRecords", "ReportAPI", "Calendars", "KubernetesModel", "CPangoCairo",
                "CXlsxWriter",
            ]
        ),
        .target(
            name: "ReportPlanning",
            dependencies: [
                "Calendars", "DeliveryPlanning", "JSONReading", "MailMessages", "ReportLayout", "ReportRecords",
                "ReportAPI", "KubernetesModel",
            ]),
        .target(
            name: "DeliveryPlanning",
            dependencies: [
                "MailMessages", "NetworkAddresses", "ReportLayout", "ReportRecords", "ReportAPI", "KubernetesModel",
            ]),
        .target(
            name: "DeliveryChannels",
            dependencies: [
                "AsyncSupport", "DeliveryPlanning", "Digests", "HTTPTransport", "JSONReading", "MailMessages",
                "MailTransport", "MQTTClient", "NetworkAddresses", "ReportLayout", "ReportRecords", "ReportAPI",
                "KubernetesModel", logging,
            ]
        ),
        .target(name: "ZoneFiles", dependencies: ["Calendars"]),
        .target(
            name: "ReportStores",
            dependencies: [
                "JSONReading",
                "AsyncSupport", "BSON", "ReportArchive", "ReportRecords", "MongoClient", "RedisClient", "ReportAPI",
                "KubernetesModel", lifecycle, logging,
            ]
        ),
        .target(
            name: "ReportController",
            dependencies: [
                "JSONReading",
                "AsyncSupport", "Calendars", "PrometheusMetrics", "ReportRecords",
                "ReportPlanning", "ZoneFiles", "ReportStores", "ReportAPI",
                "ControllerRuntime", "KubernetesClient", "KubernetesModel",
                lifecycle, logging,
            ]
        ),
        .executableTarget(
            name: "ReportOperator",
            dependencies: [
                "AsyncSupport", "PrometheusMetrics", "DaemonSupport",
                "ReportController", "ReportPlanning", "ReportStores", "ReportAPI",
                "ControllerRuntime", "KubernetesClient", "KubernetesModel",
                argumentParser, lifecycle, logging,
            ]
        ),
        .target(
            name: "DaemonSupport",
            dependencies: [
                "ControllerRuntime", "KubernetesClient", "KubernetesModel", "ProgramPages", "PrometheusMetrics",
                "ReportStores",
                argumentParser,
                lifecycle, logging, unixSignals,
            ] + nio),
        .target(name: "Digests", dependencies: ["COpenSSL"]),
        .target(name: "ObjectStorage", dependencies: ["AsyncSupport", "Digests", "HTTPTransport", logging]),
        .target(
            name: "CourierController",
            dependencies: [
                "ArchiveFiles", "AsyncSupport", "Digests", "PrometheusMetrics", "Calendars", "ZoneFiles",
                "ControllerRuntime",
                "DeliveryChannels",
                "DeliveryPlanning", "HTTPTransport", "KubernetesClient", "MailMessages", "MQTTClient", "ReportLayout",
                "ReportRendering",
                "ReportArchive", "ReportRecords", "ReportStores", "ReportAPI",
                "KubernetesModel", lifecycle, logging,
            ]
        ),
        .executableTarget(
            name: "ReportCourier",
            dependencies: [
                "ControllerRuntime", "CourierController", "DaemonSupport", "DeliveryChannels", "DeliveryPlanning",
                "Digests",
                "KubernetesClient", "KubernetesModel", "ProgramPages", "PrometheusMetrics", "ReportStores", "ReportAPI",
                argumentParser, lifecycle, logging,
            ]
        ),
        .target(
            name: "ReportClient",
            dependencies: [
                "AsyncSupport", "HTTPTransport", "JSONReading", "NetworkAddresses", "MailMessages", "ReportPlanning",
                "ReportRecords", "ReportStores", "ReportAPI", "KubernetesClient", "KubernetesModel", logging,
            ]
        ),
        // Who somebody is: tokens of issuers, sign-in, sessions.
        .target(
            name: "GatewayIdentity",
            dependencies: [
                "AsyncSupport", "HTTPTransport", "JSONReading", "KubernetesModel", "NetworkAddresses", crypto,
                .product(name: "JWTKit", package: "jwt-kit"), logging,
            ]
        ),
        // What is asked and answered over HTTP: the OpenAPI document and its shapes. Pure.
        .target(
            name: "GatewayAPI",
            dependencies: [
                "Calendars", "DeliveryPlanning", "JSONReading", "MailMessages", "ReportPlanning", "ReportLayout",
                "NetworkAddresses", "ReportRecords", "ReportAPI", "KubernetesModel",
            ],
            resources: [.embedInCode("openapi.json")]
        ),
        .target(
            name: "GatewayServer",
            dependencies: [
                "AsyncSupport", "Calendars", "ControllerRuntime", "CZlib", "Digests", "GatewayAPI", "GatewayIdentity",
                "DeliveryPlanning", "HTTPTransport", "JSONReading", "KubernetesClient", "KubernetesModel",
                "NetworkAddresses", "PrometheusMetrics", "ReportAPI",
                "ReportClient", "ReportLayout", "ReportPlanning", "ReportRecords", "ReportStores", "ZoneFiles",
                lifecycle, logging,
            ] + nio + hummingbird
        ),
        .executableTarget(
            name: "ReportGateway",
            dependencies: [
                "ControllerRuntime", "DaemonSupport", "GatewayIdentity", "GatewayServer", "KubernetesClient",
                "KubernetesModel", "NetworkAddresses", "PrometheusMetrics", "ReportAPI", "ReportStores", "YAMLCoding",
                argumentParser, lifecycle, logging,
            ]
        ),
        .executableTarget(
            name: "ReportCTL",
            dependencies: [
                "ArchiveFiles", "AsyncSupport", "Calendars", "DeliveryPlanning", "Digests", "ObjectStorage",
                "ReportArchive",
                "ReportClient",
                "ReportLayout", "ReportRecords",
                "ReportPlanning", "ZoneFiles", "ReportStores", "ReportAPI", "KubernetesClient", "KubernetesModel",
                "YAMLCoding",
                argumentParser, logging, unixSignals,
            ],
            // What `reportctl lint` holds manifests against without a cluster.
            resources: [
                "reportpipelines", "reportrequests", "reportschedules", "reporttriggers", "reportchannels",
                "reportdeliveries",
            ].map { .embedInCode("../../crds/\($0).yaml") }
        ),

        .target(
            name: "TestSupport",
            dependencies: [
                "HTTPTransport", "KubernetesClient",
                "ZoneFiles", "Calendars", "ReportRecords", "ReportPlanning", "ReportAPI", "KubernetesModel", logging,
            ],
            path: "Tests/TestSupport"
        ),
        .target(
            name: "ClusterSupport",
            dependencies: [
                "LoopbackSupport", "ProgramSupport", "ReportAPI", "KubernetesClient", "KubernetesModel", logging,
            ],
            path: "Tests/ClusterSupport"
        ),
        .target(
            name: "ServiceSupport",
            dependencies: [
                "AsyncSupport", "ClusterSupport", "LoopbackSupport", "ProgramSupport", "RedisClient", logging,
            ],
            path: "Tests/ServiceSupport"),
        .target(name: "ProgramSupport", path: "Tests/ProgramSupport"),
        .target(name: "LoopbackSupport", dependencies: ["ProgramSupport"], path: "Tests/LoopbackSupport"),
        .target(
            name: "ChannelServers",
            dependencies: [
                "DeliveryChannels", "HTTPTransport", "KubernetesModel", "LoopbackSupport", "ProgramSupport",
                "ReportAPI", logging,
            ],
            path: "Tests/ChannelServers"
        ),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: [
                "AsyncSupport", "HTTPTransport", "LoopbackSupport", "NetworkAddresses", "ProgramSupport", "TestSupport",
                logging,
            ]),
        .testTarget(
            name: "MailTransportTests",
            dependencies: ["MailMessages", "MailTransport", "LoopbackSupport", "NetworkAddresses", "ProgramSupport"]),
        .testTarget(
            name: "MQTTClientTests",
            dependencies: ["AsyncSupport", "MQTTClient", "LoopbackSupport", "NetworkAddresses"]),
        .target(
            name: "PostfixSupport", dependencies: ["AsyncSupport", "LoopbackSupport"], path: "Tests/PostfixSupport"),
        .testTarget(
            name: "PostfixTests",
            dependencies: [
                "DeliveryChannels", "Digests", "KubernetesModel", "LoopbackSupport", "MailMessages", "MailTransport",
                "PostfixSupport", "ReportAPI", "ReportLayout",
            ]
        ),
        .testTarget(
            name: "DaemonSupportTests",
            dependencies: [
                "DaemonSupport", "KubernetesClient", "PrometheusMetrics", argumentParser, lifecycle, logging,
            ]),
        .testTarget(name: "NetworkAddressesTests", dependencies: ["NetworkAddresses"]),
        // What is tried with bytes of any kind: by tests, and by hack/fuzz.
        .target(
            name: "FuzzReaders",
            dependencies: [
                "BSON", "Calendars", "GatewayIdentity", "JSONReading", "KubernetesClient", "KubernetesModel",
                "MailMessages", "RedisClient", "ReportAPI", "ReportArchive", "ReportLayout", "ReportPlanning",
                "ReportRecords", "YAMLCoding",
            ],
            path: "Tests/FuzzReaders"
        ),
        // Run by hack/fuzz; in no product.
        .executableTarget(name: "Fuzzer", dependencies: ["FuzzReaders"], path: "Tests/Fuzzer"),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["FuzzReaders", "TestSupport"],
            // Read by its tests where it stands.
            exclude: ["Corpus"]
        ),
        .testTarget(name: "YAMLCodingTests", dependencies: ["TestSupport", "YAMLCoding"]),
        .testTarget(name: "RedisClientTests", dependencies: ["RedisClient", logging]),
        .testTarget(name: "TextCutsTests", dependencies: ["TextCuts"]),
        .testTarget(name: "JSONReadingTests", dependencies: ["JSONReading", "KubernetesModel"]),
        .testTarget(name: "KubernetesModelTests", dependencies: ["JSONReading", "KubernetesModel", "TestSupport"]),
        .testTarget(
            name: "KubernetesClientTests",
            dependencies: [
                "AsyncSupport", "KubernetesClient", "HTTPTransport", "KubernetesModel", "LoopbackSupport", logging,
            ]
        ),
        .testTarget(
            name: "ControllerRuntimeTests",
            dependencies: [
                "AsyncSupport", "PrometheusMetrics", "ControllerRuntime", "HTTPTransport", "KubernetesClient",
                "KubernetesModel", "LoopbackSupport", "TestSupport",
                lifecycle, logging,
            ]
        ),
        .testTarget(
            name: "ReportAPITests",
            dependencies: [
                "JSONReading", "Calendars", "DeliveryPlanning", "MailMessages", "ReportAPI", "ReportLayout",
                "ReportRecords",
                "KubernetesModel", "YAMLCoding",
            ]),
        .testTarget(
            name: "DeliveryPlanningTests",
            dependencies: [
                "DeliveryPlanning", "MailMessages", "ReportLayout", "ReportRecords", "ReportAPI", "KubernetesModel",
                "TestSupport",
            ]),
        .testTarget(
            name: "DeliveryChannelsTests",
            dependencies: [
                "AsyncSupport", "ChannelServers", "DeliveryChannels", "DeliveryPlanning", "Digests", "HTTPTransport",
                "JSONReading",
                "LoopbackSupport", "MailMessages", "MailTransport", "NetworkAddresses", "ReportLayout", "ReportRecords",
                "ReportAPI", "KubernetesModel", "ProgramSupport", logging,
            ]
        ),
        .testTarget(
            name: "CalendarsTests", dependencies: ["Calendars", "ZoneFiles", "KubernetesModel", "TestSupport"]),
        .testTarget(name: "AsyncSupportTests", dependencies: ["AsyncSupport"]),
        .testTarget(name: "DigestsTests", dependencies: ["Digests", "ProgramSupport"]),
        .testTarget(
            name: "CourierControllerTests",
            dependencies: [
                "AsyncSupport", "ControllerRuntime", "CourierController", "DeliveryChannels", "KubernetesClient",
                "LoopbackSupport", "MQTTClient", "ProgramPages", "PrometheusMetrics", "ReportCourier", "ReportLayout",
                "ReportRecords",
                "ReportStores",
                "ReportAPI", "MongoClient", "KubernetesModel", "TestSupport", lifecycle, logging,
            ]
        ),
        .testTarget(name: "PrometheusMetricsTests", dependencies: ["PrometheusMetrics"]),
        .testTarget(
            name: "ReportRecordsTests", dependencies: ["ReportRecords", "ReportAPI", "KubernetesModel", "TestSupport"]),
        .testTarget(
            name: "ReportLayoutTests",
            dependencies: [
                "Calendars", "ZoneFiles", "ReportLayout", "ReportRecords", "ReportAPI", "KubernetesModel",
                "TestSupport",
            ]),
        .testTarget(
            name: "ReportRenderingTests",
            dependencies: [
                "Calendars", "ReportRendering", "ReportLayout", "ReportRecords", "ReportAPI", "KubernetesModel",
                "ProgramSupport",
            ]
        ),
        .testTarget(
            name: "GatewayIdentityTests",
            dependencies: [
                "AsyncSupport", "GatewayIdentity", "HTTPTransport", "JSONReading", "KubernetesModel", "LoopbackSupport",
                crypto, .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"), logging,
            ]
        ),
        .testTarget(
            name: "SignInTests",
            dependencies: [
                "AsyncSupport", "GatewayIdentity", "HTTPTransport", "LoopbackSupport", "ServiceSupport", logging,
            ]
        ),
        .testTarget(
            name: "GatewayServerTests",
            dependencies: [
                "AsyncSupport", "ControllerRuntime", "GatewayAPI", "GatewayIdentity", "GatewayServer", "HTTPTransport",
                "JSONReading", "KubernetesClient", "KubernetesModel", "LoopbackSupport", "NetworkAddresses",
                "ReportAPI",
                "ReportRecords",
                .product(name: "NIOEmbedded", package: "swift-nio"), logging,
            ] + nio + hummingbird
        ),
        .testTarget(
            name: "GatewayAPITests",
            dependencies: [
                "Calendars", "DeliveryPlanning", "GatewayAPI", "JSONReading", "KubernetesModel", "ReportAPI",
                "ReportLayout", "ReportPlanning", "ReportRecords", "TestSupport", "ZoneFiles",
            ]
        ),
        // Measured by hack/bench; in no product.
        .executableTarget(
            name: "RenderingBench",
            dependencies: [
                "Calendars", "ProgramPages", "ReportRendering", "ReportLayout", "ReportRecords", "ReportAPI",
                "KubernetesModel",
            ],
            path: "Tests/RenderingBench"
        ),
        // Run by hack/bench; in no product.
        .executableTarget(
            name: "ClusterBench",
            dependencies: [
                "KubernetesClient", "KubernetesModel",
                logging, argumentParser,
            ],
            path: "Tests/ClusterBench"
        ),
        .testTarget(
            name: "ReportPlanningTests",
            dependencies: [
                "Calendars", "DeliveryPlanning", "ReportRecords", "ReportPlanning", "ZoneFiles", "ReportAPI",
                "KubernetesModel",
                "TestSupport",
            ]
        ),
        .testTarget(
            name: "ReportControllerTests",
            dependencies: [
                "AsyncSupport", "Calendars", "HTTPTransport", "JSONReading", "PrometheusMetrics", "ReportRecords",
                "ReportStores", "MongoClient", "ReportOperator",
                "ReportController", "ReportPlanning", "ReportAPI", "ControllerRuntime", "KubernetesClient",
                "KubernetesModel", "LoopbackSupport", "TestSupport", "ZoneFiles", argumentParser, lifecycle, logging,
            ]
        ),
        .testTarget(name: "MongoClientTests", dependencies: ["BSON", "MongoClient", logging]),
        .testTarget(name: "ReportArchiveTests", dependencies: ["BSON", "MongoClient", "ReportArchive", "TestSupport"]),
        .testTarget(
            name: "ReportStoresTests",
            dependencies: [
                "AsyncSupport", "ReportRecords", "ReportStores", "MongoClient", "RedisClient", "ReportAPI",
                "KubernetesModel", "TestSupport",
            ]
        ),
        .testTarget(
            name: "ReportClientTests",
            dependencies: [
                "ReportClient", "ReportRecords", "ReportPlanning", "ReportAPI", "KubernetesClient", "KubernetesModel",
                "LoopbackSupport", "TestSupport", logging,
            ]
        ),
        .testTarget(
            name: "ReportCTLTests",
            dependencies: [
                "Calendars", "ReportRecords", "AsyncSupport",
                "ReportCTL", "ReportClient", "ReportStores", "ReportPlanning", "ReportAPI", "KubernetesClient",
                "KubernetesModel", "LoopbackSupport", "TestSupport", "YAMLCoding", logging,
            ]
        ),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "ArchiveFiles", "BSON", "DaemonSupport", "Digests", "ObjectStorage", "PrometheusMetrics",
                "ReportArchive",
                "ReportCTL",
                "ReportRecords", "AsyncSupport", "ReportClient", "ReportCourier", "ClusterSupport",
                "ServiceSupport", "LoopbackSupport", "TestSupport", "ReportStores", "MongoClient", "RedisClient",
                "ReportAPI", "KubernetesModel", "ProgramSupport", logging,
            ]
        ),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "AsyncSupport", "BSON", "PrometheusMetrics", "ReportRecords", "Calendars", "ChannelServers",
                "ClusterSupport", "DeliveryPlanning", "Digests", "HTTPTransport", "LoopbackSupport", "PostfixSupport",
                "ServiceSupport",
                "MQTTClient", "ReportStores", "MongoClient", "RedisClient", "ReportController",
                "ReportPlanning", "ReportAPI", "ControllerRuntime",
                "KubernetesClient", "KubernetesModel", "TestSupport", "YAMLCoding", lifecycle, "ProgramSupport",
                logging,
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "AsyncSupport",
                "ClusterSupport", "LoopbackSupport",
                "ReportOperator", "ReportCourier", "ReportCTL", "ReportAPI", "KubernetesClient", "KubernetesModel",
                "YAMLCoding", "ProgramSupport", logging,
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

let upcomingFeatures: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + upcomingFeatures + [.treatAllWarnings(as: .error)]
}
