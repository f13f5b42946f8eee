// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "latest-reports",
    dependencies: [
        // In a package elsewhere: .package(url: "https://…/report-operator.git", .upToNextMinor(from: "0.1.0"))
        .package(name: "report-operator", path: "../.."),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.9.0"),
    ],
    targets: [
        .executableTarget(
            name: "LatestReports",
            dependencies: [
                .product(name: "ControllerRuntime", package: "report-operator"),
                .product(name: "KubernetesClient", package: "report-operator"),
                .product(name: "ReportAPI", package: "report-operator"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")])
    ]
)
