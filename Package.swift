// swift-tools-version: 6.2
import Glibc
import PackageDescription

// The arrows between these targets are the architecture: see docs/architecture.md.

let checked: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
    // Without the flag the optimiser of Swift 6.3.1 crashes: it merges calls of two branches that cannot be merged.
    .unsafeFlags(["-Xllvm", "-sink-common-insts=false"], .when(configuration: .release)),
]

let systemPaths = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

/// One module of the product: its folder in Sources bears its name.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], embedding files: [String] = []) -> Target {
    .target(
        name: name, dependencies: dependencies + [systemPaths], resources: files.map { .embedInCode($0) },
        swiftSettings: checked)
}

/// The tests of a module, in Tests/<name>Tests; `snapshots` where it has a folder of them.
func tests(
    _ name: String, _ dependencies: [Target.Dependency] = [], snapshots: Bool = false, fixtures: Bool = false
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: ["TestSupport", "Diagnostics", "Files", "Digests", "Text", systemPaths] + dependencies,
        exclude: (snapshots ? ["Snapshots"] : []) + (fixtures ? ["Fixtures"] : []), swiftSettings: checked)
}

/// A library of the operating system, named for its Debian package in docs/architecture.md.
func system(_ name: String, package: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/SystemLibraries/\(name)", providers: [.apt([package])])
}

/// The folder of this toolchain's libraries for Embedded Swift, found from where this manifest's own library is loaded.
func embeddedLibraries() -> String {
    guard let maps = fopen("/proc/self/maps", "r") else { return "" }
    defer { fclose(maps) }
    var line: UnsafeMutablePointer<CChar>?
    var room = 0
    defer { free(line) }
    while getline(&line, &room, maps) > 0, let text = line.map({ String(cString: $0) }) {
        guard text.contains("/libPackageDescription.so"), let start = text.firstIndex(of: "/") else { continue }
        // TOOLCHAIN/usr/lib/swift/pm/ManifestAPI/libPackageDescription.so
        let parts = text[start...].split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return parts.joined(separator: "/") + "/embedded/" + machine + "-unknown-linux-gnu"
    }
    return ""
}

#if arch(arm64)
    let machine = "aarch64"
#else
    let machine = "x86_64"
#endif

let package = Package(
    name: "mixpack",
    products: [
        .executable(name: "mixpack", targets: ["CLI"]),
        .executable(name: "mixpack-bench", targets: ["Benchmarks"]),
        .executable(name: "mixpack-docs", targets: ["Documents"]),
        .executable(name: "mixpack-launcher", targets: ["Launcher"]),
        .executable(name: "mixpack-lifecycle", targets: ["LifecycleProgram"]),
        .executable(name: "mixpack-buildpacks", targets: ["PackagedBuildpacks"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        // The composition root.
        .executableTarget(
            name: "CLI",
            dependencies: [
                "Console", "Reports", "NcursesTerminal", "ElixirBuildpacks", "Builders", "RunImages", "ImageTransports",
                "ForeignPackages", "Lifecycle", "MixInspection", "ProjectGit", "Toolchains", "OCIImage", "LayerArchive",
                "BuildpackAPI",
                "TerminalUI",
                "TOMLCoding", "Commands", "SecretSearch", "Materials", "HTTP", "OptionWords", "Diagnostics", "Files",
                "Digests", "Text", systemPaths,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: checked),

        // What the user sees.
        module(
            "Console",
            [
                "Diagnostics", "Text", "TerminalUI", "Lifecycle", "MixInspection", "OCIImage", "BuildpackAPI",
                "SecretSearch",
            ]),
        module("Reports", ["Diagnostics", "Files", "Text", "Lifecycle", "BuildpackAPI"]),
        module("NcursesTerminal", ["Diagnostics", "TerminalUI", "CNcurses", "CTerminal"]),

        // What a build does.
        module(
            "ElixirBuildpacks",
            [
                "Diagnostics", "Files", "Digests", "Text", "BuildpackAPI", "Materials", "MixInspection", "ProjectGit",
                "Toolchains", "Commands",
            ],
            embedding: [
                "Helper/mixpack_base.exs", "Helper/mixpack_beams.erl", "Helper/mixpack_configuration.erl",
                "Helper/mixpack_hex_home.exs",
            ]),
        module(
            "ForeignPackages",
            [
                "Diagnostics", "Files", "Digests", "Text", "OCIImage", "LayerArchive", "Commands", "RunImages",
                "Toolchains",
            ]),
        module(
            "Builders",
            [
                "Diagnostics", "Files", "Digests", "Text", "BuildpackAPI", "BuildpackFiles", "OCIImage", "LayerArchive",
                "Commands", "TOMLCoding", "Lifecycle", "RunImages",
            ]),
        module("RunImages", ["Diagnostics", "Files", "Digests", "Text", "OCIImage", "LayerArchive", "Commands"]),
        module(
            "ImageTransports",
            ["Diagnostics", "Files", "Digests", "HTTP", "OCIImage", "LayerArchive", "TOMLCoding"]),
        module("HTTP", ["Diagnostics", "Files", "Text", "LayerArchive", "CCurl"]),
        module(
            "Lifecycle",
            [
                "Diagnostics", "Files", "Digests", "Text", "BuildpackAPI", "BuildpackFiles", "OCIImage", "LayerArchive",
                "Commands", "TOMLCoding",
                "SecretSearch", "OptionWords",
            ]),
        module(
            "MixInspection",
            [
                "Diagnostics", "Files", "Digests", "Text", "BuildpackAPI", "Commands", "ProjectGit", "TOMLCoding",
                "Toolchains",
            ],
            embedding: ["inspection", "project", "scan", "calls", "needs", "reads", "code", "values", "json"].map {
                "Helper/mixpack_\($0).ex"
            }),
        module("ProjectGit", ["Diagnostics", "Files", "Digests", "Commands"]),
        module("Toolchains", ["Diagnostics", "Files", "TOMLCoding"]),
        module("OCIImage", ["Diagnostics", "Files", "Digests", "LayerArchive"]),
        module("LayerArchive", ["Diagnostics", "Files", "Digests", "Text", "CArchive", "CDeflate", "CZstd"]),

        module("BuildpackFiles", ["Diagnostics", "Files", "BuildpackAPI", "TOMLCoding"]),

        // Leaves.
        module("BuildpackAPI", ["Diagnostics", "Files", "Text"]),
        module("Materials", ["Digests", "Text"]),
        module("SecretSearch", ["Diagnostics", "Files", "Text", "CBrotli", "CDeflate", "CZstd"]),
        // The themes become part of the program, which then needs no folder.
        module(
            "TerminalUI", ["Diagnostics", "TOMLCoding"],
            embedding: ["terminal", "dark", "light", "high-contrast", "colour-blind", "mono"].map {
                "../../themes/\($0).toml"
            }),
        module("TOMLCoding", ["Diagnostics", "Text"]),
        module("Digests", ["Diagnostics", "Files", "CCrypto"]),
        module("Files", ["Diagnostics", "Text"]),
        module("OptionWords"),
        module("Text"),
        module("Diagnostics"),
        module("Commands", ["Diagnostics", "Files", .product(name: "Subprocess", package: "swift-subprocess")]),

        // C: what the system's libraries and handlers need.
        .target(name: "CTerminal"),
        system("CNcurses", package: "libncurses-dev"),
        system("CArchive", package: "libarchive-dev"),
        system("CDeflate", package: "libdeflate-dev"),
        system("CZstd", package: "libzstd-dev"),
        system("CBrotli", package: "libbrotli-dev"),
        system("CCrypto", package: "libssl-dev"),
        system("CCurl", package: "libcurl4-openssl-dev"),

        // The buildpacks for other platforms: with Swift's runtime linked in, since build images have none.
        .executableTarget(
            name: "PackagedBuildpacks",
            dependencies: ["BuildpackFiles", "ElixirBuildpacks", "Commands", "Diagnostics", "Files", systemPaths],
            swiftSettings: checked,
            linkerSettings: [
                .unsafeFlags([
                    "-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims", "-Xlinker", "--gc-sections",
                    "-Xlinker", "-s",
                ])
            ]),

        // The lifecycle in builders: with Swift's runtime linked in, and the system's libraries in a folder beside it. They
        // find each other there by the old kind of path, which counts for libraries of libraries too.
        .executableTarget(
            name: "LifecycleProgram",
            dependencies: [
                "Lifecycle", "ImageTransports", "HTTP", "BuildpackAPI", "BuildpackFiles", "OCIImage", "LayerArchive",
                "Commands", "TOMLCoding", "Diagnostics", "Files", "Digests", "Text", systemPaths,
            ],
            swiftSettings: checked,
            linkerSettings: [
                .unsafeFlags([
                    "-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims", "-Xlinker", "--gc-sections",
                    "-Xlinker", "-s", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/lib", "-Xlinker",
                    "--disable-new-dtags",
                ])
            ]),

        // What goes into the image: static, without the Swift runtime, the same bytes from every folder.
        .executableTarget(
            name: "Launcher", dependencies: ["CLauncher"],
            swiftSettings: checked + [
                .enableExperimentalFeature("Embedded"),
                .unsafeFlags([
                    "-Osize", "-wmo", "-file-compilation-dir", ".", "-Xfrontend", "-disable-incremental-llvm-codegen",
                ]),
            ],
            linkerSettings: [
                .unsafeFlags([
                    "-Xclang-linker", "-static", "-Xclang-linker", "-Wno-unused-command-line-argument",
                    "-use-ld=lld", "-Xlinker", "-T" + Context.packageDirectory + "/Sources/CLauncher/launcher.ld",
                    embeddedLibraries() + "/libswiftUnicodeDataTables.a", "-lm",
                    "-Xlinker", "--gc-sections", "-Xlinker", "--build-id=none", "-Xlinker", "-s",
                ])
            ]),
        .target(name: "CLauncher", exclude: ["launcher.ld"]),

        // Tests: one target a module, and the ones that run the whole program.
        .target(
            name: "TestSupport", dependencies: ["Files", systemPaths], path: "Tests/TestSupport", swiftSettings: checked
        ),
        // A terminal in memory, for programs that are driven by keys and looked at as text.
        .target(
            name: "TerminalTesting", dependencies: ["TerminalUI", "Diagnostics"], path: "Tests/TerminalTesting",
            swiftSettings: checked),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "Console", "Reports", "Lifecycle", "MixInspection", "Toolchains", "SecretSearch", "TerminalUI",
                "ImageTransports",
                "OCIImage", "LayerArchive", "Commands", "Diagnostics", "Files", "TestSupport", "TerminalTesting",
                systemPaths,
            ],
            path: "Tests/Benchmarks",
            swiftSettings: checked),
        // Writes the generated pages of docs/, and says which of them are out of date.
        .executableTarget(
            name: "Documents",
            dependencies: [
                "Console", "TerminalUI", "Diagnostics", "Lifecycle", "OCIImage", "OptionWords", "BuildpackAPI",
                "TestSupport", systemPaths,
            ],
            path: "Tests/Documents",
            swiftSettings: checked),
        tests("Documents", ["Documents", "Console", "TerminalUI", "Lifecycle"]),
        tests("Diagnostics"),
        tests("Files"),
        tests("Digests"),
        tests("Text"),
        tests("OptionWords", ["OptionWords"]),
        tests("HTTP", ["HTTP"]),
        tests("LayerArchive", ["LayerArchive"]),
        tests("OCIImage", ["OCIImage", "LayerArchive"]),
        tests("ImageTransports", ["ImageTransports", "HTTP", "OCIImage", "LayerArchive"]),
        tests("RunImages", ["RunImages", "OCIImage", "LayerArchive", "Commands"]),
        tests("ForeignPackages", ["ForeignPackages", "RunImages", "OCIImage", "LayerArchive", "Commands"]),
        tests("Builders", ["Builders", "Lifecycle", "BuildpackAPI", "OCIImage", "LayerArchive", "TOMLCoding"]),
        tests("Reports", ["Reports", "Documents", "Lifecycle", "BuildpackAPI", "OCIImage"], snapshots: true),
        tests(
            "Lifecycle",
            [
                "Lifecycle", "BuildpackAPI", "BuildpackFiles", "OCIImage", "LayerArchive", "Commands", "TOMLCoding",
                "SecretSearch",
            ]),
        tests("BuildpackAPI", ["BuildpackAPI"]),
        tests("Materials", ["Materials"]),
        tests("BuildpackFiles", ["BuildpackFiles", "BuildpackAPI", "TOMLCoding"]),
        tests("MixInspection", ["MixInspection", "Toolchains", "Commands"], fixtures: true),
        tests("ProjectGit", ["ProjectGit", "Commands"]),
        tests("Toolchains", ["Toolchains", "Commands"]),
        tests(
            "ElixirBuildpacks",
            [
                "ElixirBuildpacks", "BuildpackAPI", "Materials", "MixInspection", "ProjectGit", "Toolchains",
                "Commands",
                "HTTP", "SecretSearch",
            ]),
        tests("TerminalUI", ["TerminalUI", "TerminalTesting", "TOMLCoding"]),
        .executableTarget(
            name: "TerminalProbe", dependencies: ["NcursesTerminal", "TerminalUI"], path: "Tests/TerminalProbe",
            swiftSettings: checked),
        tests("NcursesTerminal", ["NcursesTerminal", "TerminalUI", "TerminalProbe"]),
        tests(
            "Console",
            [
                "Console", "TerminalUI", "TerminalTesting", "Lifecycle", "MixInspection", "OCIImage", "LayerArchive",
                "BuildpackAPI", "Reports",
            ],
            snapshots: true),
        tests("TOMLCoding", ["TOMLCoding"]),
        tests("Commands", ["Commands"]),
        tests("SecretSearch", ["SecretSearch"]),
        tests("Launcher", ["RunImages"]),
        tests("CLI", ["Lifecycle", "OCIImage", "Commands"]),
        tests(
            "CLIUnit",
            [
                "CLI", "Console", "Reports", "Lifecycle", "MixInspection", "OCIImage", "LayerArchive", "BuildpackAPI",
                "Materials", "OptionWords", "SecretSearch", "Commands", "TerminalUI", "TerminalTesting",
                "ElixirBuildpacks",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ]
)

// `make fuzz` alone builds this: its main function is libFuzzer's.
if Context.environment["MIXPACK_FUZZ"] != nil {
    package.products.append(.executable(name: "mixpack-fuzz", targets: ["Fuzz"]))
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "ElixirBuildpacks", "HTTP", "ImageTransports", "MixInspection", "Reports", "RunImages", "OCIImage",
                "LayerArchive", "TOMLCoding", "Diagnostics",
            ],
            path: "Tests/Fuzz", swiftSettings: checked + [.unsafeFlags(["-parse-as-library"])]))
}
