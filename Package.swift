// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The themes that ship inside the binary, so that there is no bundle to lose.
let themes: [Resource] = [
  "gruvbox-dark", "modus-vivendi-tritanopia", "mono", "nord", "solarized-light", "terminal",
].map { .embedInCode("../../Themes/\($0).yaml") }

let collections = "swift-collections"
let nio = "swift-nio"

let package = Package(
  name: "boxwatch",
  products: [
    .executable(name: "boxwatch", targets: ["boxwatch"]),
    .library(name: "ExecModel", targets: ["ExecModel"]),
    .library(name: "Journal", targets: ["Journal"]),
    .library(name: "ExecEngine", targets: ["ExecEngine"]),
    .library(name: "HostBoxes", targets: ["HostBoxes"]),
    .library(name: "ContainerBoxes", targets: ["ContainerBoxes"]),
    .library(name: "BoxLiteWire", targets: ["BoxLiteWire"]),
    .library(name: "BoxLiteClient", targets: ["BoxLiteClient"]),
    .library(name: "BoxLiteServer", targets: ["BoxLiteServer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // From the bottom up; a module may import only what stands above it in this list and is named in its own entry.
    .target(name: "CExecShims"),
    .systemLibrary(name: "CSeccomp", providers: [.apt(["libseccomp-dev"])]),
    .target(name: "CNCurses", dependencies: ["CExecShims"], linkerSettings: [.linkedLibrary("ncursesw")]),
    .target(
      name: "Linux", dependencies: ["CExecShims", .product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: strict),
    .target(name: "ExecModel", swiftSettings: strict),
    .target(name: "Cells", swiftSettings: strict),
    .target(name: "RaceLab", dependencies: ["ExecModel"], swiftSettings: strict),
    .target(name: "JSON", swiftSettings: strict),
    .target(name: "BoxLiteWire", dependencies: ["JSON"], swiftSettings: strict),
    .target(
      name: "Journal",
      dependencies: ["ExecModel", "JSON", "Linux", .product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: strict),
    .target(
      name: "ExecEngine",
      dependencies: [
        "ExecModel", "Linux", "Journal", "CExecShims",
        .product(name: "DequeModule", package: collections),
        .product(name: "HeapModule", package: collections),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(name: "CursesTerminal", dependencies: ["Cells", "CNCurses"], swiftSettings: strict),
    .target(
      name: "HostBoxes",
      dependencies: [
        "ExecModel", "JSON", "Linux", "Journal", "ExecEngine", "CExecShims", "CSeccomp",
        .product(name: "DequeModule", package: collections),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(
      name: "NetworkBase",
      dependencies: [
        "CExecShims", "Linux", .product(name: "NIOCore", package: nio), .product(name: "NIOPosix", package: nio),
      ],
      swiftSettings: strict),
    .target(
      name: "BoxLiteClient",
      dependencies: [
        "ExecModel", "ExecEngine", "JSON", "BoxLiteWire", "NetworkBase",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOWebSocket", package: nio),
      ],
      swiftSettings: strict),
    .target(
      name: "ContainerBoxes",
      dependencies: [
        "ExecModel", "Linux", "ExecEngine", "JSON", "HostBoxes", "NetworkBase",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(
      name: "BoxLiteServer",
      dependencies: [
        "ExecModel", "Linux", "ExecEngine", "Journal", "JSON", "BoxLiteWire", "BoxLiteClient", "NetworkBase",
        "CExecShims",
        .product(name: "DequeModule", package: collections),
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOWebSocket", package: nio),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(
      name: "Console",
      dependencies: [
        "ExecModel", "Cells", "JSON", "CExecShims", "Linux",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(
      name: "Jobs",
      dependencies: [
        "ExecModel", "Linux", "Journal", "ExecEngine", "HostBoxes", "Console",
      ],
      swiftSettings: strict),
    .target(
      name: "Instances",
      dependencies: [
        "ExecModel", "Cells", "JSON", "CExecShims", "BoxLiteWire", "Linux", "Journal", "ExecEngine", "HostBoxes",
        "BoxLiteClient", "ContainerBoxes", "BoxLiteServer", "Console", "Jobs",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(
      name: "Headless",
      dependencies: [
        "ExecModel", "Cells", "JSON", "Linux", "Journal", "ExecEngine", "ContainerBoxes", "BoxLiteServer", "Console",
        "Jobs", "Instances",
        .product(name: "DequeModule", package: collections),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(
      name: "RaceLive",
      dependencies: [
        "ExecModel", "RaceLab", "JSON", "Linux", "Journal", "ExecEngine", "HostBoxes", "Console",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .target(name: "Widgets", dependencies: ["Cells", .product(name: "Yams", package: "Yams")], swiftSettings: strict),
    .target(name: "BoxwatchUI", dependencies: ["ExecModel", "Cells", "Widgets"], swiftSettings: strict),
    .target(name: "LabUI", dependencies: ["ExecModel", "RaceLab", "Cells", "Widgets"], swiftSettings: strict),
    .executableTarget(
      name: "boxwatch",
      dependencies: [
        "ExecModel", "Linux", "RaceLab", "Journal", "ExecEngine", "HostBoxes", "Cells", "CursesTerminal", "Widgets",
        "BoxwatchUI", "LabUI", "CExecShims", "JSON", "BoxLiteWire", "BoxLiteClient", "BoxLiteServer", "ContainerBoxes",
        "Console", "Jobs", "Instances", "Headless", "RaceLive",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "DequeModule", package: collections),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Yams", package: "Yams"),
      ],
      resources: themes,
      swiftSettings: strict),

    // Tests mirror the sources; `Support` holds what several of them use.
    .target(
      name: "TestSupport",
      dependencies: [
        "Linux", "ExecModel", "JSON", "Journal", "ExecEngine", "HostBoxes", "Cells", "Widgets",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Tests/Support",
      swiftSettings: strict),
    .testTarget(
      name: "LinuxTests",
      dependencies: [
        "Linux", "CExecShims", "TestSupport", .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(name: "ExecModelTests", dependencies: ["ExecModel"], swiftSettings: strict),
    .testTarget(name: "RaceLabTests", dependencies: ["RaceLab", "ExecModel"], swiftSettings: strict),
    .testTarget(name: "CellsTests", dependencies: ["Cells", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "JournalTests",
      dependencies: [
        "Journal", "JSON", "Linux", "ExecModel", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ExecEngineTests",
      dependencies: [
        "ExecEngine", "Linux", "ExecModel", "Journal", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "HostBoxesTests",
      dependencies: [
        "HostBoxes", "ContainerBoxes", "JSON", "Linux", "ExecEngine", "ExecModel", "Journal", "CExecShims",
        "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ContainerBoxesTests",
      dependencies: [
        "ContainerBoxes", "Linux", "JSON", "HostBoxes", "ExecEngine", "ExecModel", "Journal", "TestSupport",
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "NetworkBaseTests",
      dependencies: [
        "NetworkBase", .product(name: "NIOCore", package: nio), .product(name: "NIOEmbedded", package: nio),
        .product(name: "NIOPosix", package: nio),
      ],
      swiftSettings: strict),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "BoxLiteWireTests", dependencies: ["BoxLiteWire", "JSON", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "BoxLiteClientTests",
      dependencies: [
        "BoxLiteClient", "BoxLiteServer", "BoxLiteWire", "JSON", "HostBoxes", "ExecEngine", "ExecModel", "Journal",
        "TestSupport",
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOPosix", package: nio),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOWebSocket", package: nio),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "BoxLiteServerTests",
      dependencies: [
        "BoxLiteClient", "BoxLiteServer", "BoxLiteWire", "JSON", "HostBoxes", "ExecEngine", "ExecModel", "Journal",
        "TestSupport",
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOEmbedded", package: nio),
        .product(name: "NIOHTTP1", package: nio),
        .product(name: "NIOWebSocket", package: nio),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CursesTerminalTests", dependencies: ["CursesTerminal", "Cells", "CNCurses", "TestSupport"],
      swiftSettings: strict),
    .testTarget(name: "WidgetsTests", dependencies: ["Widgets", "Cells", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "BoxwatchUITests", dependencies: ["BoxwatchUI", "Widgets", "Cells", "ExecModel", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "LabUITests", dependencies: ["LabUI", "Widgets", "RaceLab", "Cells", "ExecModel", "TestSupport"],
      swiftSettings: strict),
    .testTarget(name: "ConsoleTests", dependencies: ["Console", "Linux"], swiftSettings: strict),
    .testTarget(
      name: "InstancesTests",
      dependencies: [
        "Instances", "BoxLiteServer", "BoxLiteWire", "Cells", "Console", "ExecEngine", "ExecModel", "Jobs", "JSON",
        "Journal", "Linux", "TestSupport", .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "HeadlessTests",
      dependencies: [
        "Headless", "Console", "ExecModel", "Jobs", "Journal", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RaceLiveTests",
      dependencies: [
        "RaceLive", "LabUI", "Console", "ExecEngine", "ExecModel", "JSON", "Linux", "RaceLab", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "BoxwatchTests",
      dependencies: [
        "boxwatch", "BoxLiteClient", "BoxLiteServer", "JSON", "HostBoxes", "BoxwatchUI", "LabUI",
        "Widgets", "Cells", "Linux", "ExecEngine", "ExecModel", "Journal", "RaceLab", "Console", "Jobs", "Instances",
        "Headless",
        "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),

    // The server of `Tests/BoxLiteTests` over a dispatcher that loses: what those tests must see.
    .executableTarget(
      name: "boxlite-exit-first", dependencies: ["BoxLiteServer", "HostBoxes", "ExecEngine", "TestSupport"],
      path: "Tests/BoxLiteTests/ExitFirstServer", swiftSettings: strict),

    // `swift run -c release benchmarks`: ratios against a C program of the same run; no part of `swift test`.
    .target(name: "BenchmarkBaseline", path: "Tests/Benchmarks/Baseline"),
    .executableTarget(name: "benchmark-producer", path: "Tests/Benchmarks/Producer"),
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        "BenchmarkBaseline", "BoxLiteServer", "BoxLiteWire", "JSON", "HostBoxes", "BoxwatchUI", "Widgets", "CExecShims",
        "Linux", "ContainerBoxes", "CursesTerminal", "ExecEngine", "ExecModel",
        "Journal", "RaceLab", "benchmark-producer", "boxwatch",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Tests/Benchmarks/Benchmarks",
      swiftSettings: strict),
  ]
)

/// Adds the fuzzers of `.ci/fuzz`, and only then.
///
/// Our modules note where an input brought them, the program is a module that the fuzzers link, and there are no tests.
@MainActor func addFuzzers() {
  package.products = []
  package.targets.removeAll { $0.type == .test || ($0.type == .executable && $0.name != "boxwatch") }
  package.targets = package.targets.map { target in
    guard target.name == "boxwatch" else { return target }
    let main = ["-Xfrontend", "-entry-point-function-name", "-Xfrontend", "boxwatch_main"]
    return .target(
      name: target.name, dependencies: target.dependencies, resources: target.resources,
      swiftSettings: strict + [.unsafeFlags(main)])
  }
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: package.targets.map { .target(name: $0.name) } + [
        "FuzzDriver",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: nio),
        .product(name: "NIOEmbedded", package: nio),
        .product(name: "NIOWebSocket", package: nio),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Tests", sources: ["Fuzz/Targets", "BoxwatchTests/Hostile/EveryReading.swift"], swiftSettings: strict))
  for target in package.targets where target.swiftSettings != nil {
    target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer"]))
  }
  package.targets.append(.target(name: "FuzzDriver", path: "Tests/Fuzz/Driver"))
}

if Context.environment["BOXWATCH_FUZZ"] != nil { addFuzzers() }
