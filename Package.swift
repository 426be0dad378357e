// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "integration-bridge",
    products: [
        .library(name: "IntegrationBridge", targets: ["IntegrationBridge"]),
        .library(name: "NotificationsAPI", targets: ["NotificationsAPI", "CURLTransport", "JSONText"]),
        .library(name: "RDKafka", targets: ["RDKafka"]),
        .executable(name: "integration-bridge", targets: ["integration-bridge"]),
    ],
    targets: [
        // System libraries: a module map and a shim header each. DESIGN.md says why these.
        .systemLibrary(
            name: "CLibRDKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"]), .brew(["librdkafka"])]),
        .systemLibrary(
            name: "CLibCURL", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .systemLibrary(
            name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .systemLibrary(
            name: "CLibMicroHTTPD", pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"]), .brew(["libmicrohttpd"])]),
        // Of the executable alone: a host has an allocator already, and the tests count what the C library's does.
        .systemLibrary(
            name: "CLibTCMalloc", pkgConfig: "libtcmalloc_minimal",
            providers: [.apt(["libgoogle-perftools-dev"]), .brew(["gperftools"])]),

        // One owner for each system library.
        .target(name: "RDKafka", dependencies: ["CLibRDKafka"], swiftSettings: strict),
        .target(name: "CURLTransport", dependencies: ["CLibCURL"], swiftSettings: strict),
        .target(name: "MicroHTTPServer", dependencies: ["CLibMicroHTTPD"], swiftSettings: strict),

        .target(name: "JSONText", swiftSettings: strict),
        .target(name: "NotificationsAPI", dependencies: ["CURLTransport", "JSONText"], swiftSettings: strict),
        .target(
            name: "IntegrationBridge", dependencies: ["CURLTransport", "JSONText", "NotificationsAPI", "RDKafka"],
            swiftSettings: strict),
        .target(
            name: "BridgeConfigurationFile", dependencies: ["CLibYAML", "IntegrationBridge"], swiftSettings: strict),
        .target(
            name: "NotificationsAPISimulator", dependencies: ["JSONText", "MicroHTTPServer"], swiftSettings: strict),
        .target(
            name: "IntegrationBridgeCLI",
            dependencies: [
                "BridgeConfigurationFile", "CURLTransport", "IntegrationBridge", "JSONText", "NotificationsAPI",
                "NotificationsAPISimulator", "RDKafka",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "integration-bridge", dependencies: ["CLibTCMalloc", "IntegrationBridgeCLI"], swiftSettings: strict),

        .testTarget(name: "RDKafkaTests", dependencies: ["RDKafka"], swiftSettings: strict),
        .testTarget(
            name: "CURLTransportTests", dependencies: ["CURLTransport", "MicroHTTPServer"], swiftSettings: strict),
        .testTarget(name: "MicroHTTPServerTests", dependencies: ["MicroHTTPServer"], swiftSettings: strict),
        .testTarget(name: "JSONTextTests", dependencies: ["JSONText"], swiftSettings: strict),
        .testTarget(
            name: "NotificationsAPITests",
            dependencies: ["CURLTransport", "JSONText", "NotificationsAPI", "NotificationsAPISimulator"],
            swiftSettings: strict),
        .testTarget(
            name: "IntegrationBridgeTests",
            dependencies: [
                "IntegrationBridge", "JSONText", "NotificationsAPI", "NotificationsAPISimulator", "RDKafka",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BridgeConfigurationFileTests", dependencies: ["BridgeConfigurationFile", "IntegrationBridge"],
            swiftSettings: strict),
        .testTarget(
            name: "NotificationsAPISimulatorTests",
            dependencies: [
                "CURLTransport", "JSONText", "MicroHTTPServer", "NotificationsAPI", "NotificationsAPISimulator",
            ], swiftSettings: strict),
        .testTarget(
            name: "IntegrationBridgeCLITests",
            dependencies: [
                "CURLTransport", "IntegrationBridge", "IntegrationBridgeCLI", "JSONText", "NotificationsAPI",
                "NotificationsAPISimulator", "RDKafka",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BrokerTests",
            dependencies: [
                "BridgeConfigurationFile", "IntegrationBridge", "JSONText", "NotificationsAPISimulator", "RDKafka",
            ],
            swiftSettings: strict),
    ]
)
