import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport
import Testing

/// The scripts behind `make`: the checks find what they are there to find.
@Suite(.serialized) struct DoorTests {
    @Test("the check of arrows passes on the repository")
    func arrows() async throws {
        let end = try await run("/bin/sh", [try script("check-arrows").string])
        #expect(end.status == 0, "\(end)")
    }

    @Test(
        "an import against the arrows is found, in the tests too",
        arguments: [
            ("Sources/OCIImage", "import Lifecycle"), ("Sources/Lifecycle", "@testable import MixInspection"),
            ("Sources/Console", "public import Commands"), ("Sources/Reports", "import Foundation"),
            ("Sources/TOMLCoding", "import struct Glibc.stat\nimport OCIImage"),
            ("Tests/TOMLCodingTests", "#if os(Linux)\n    @testable import Console\n#endif"),
        ])
    func wrongImport(_ module: String, _ line: String) async throws {
        try await withTemporaryFolder { folder in
            try copyRepository(to: folder)
            try folder.appending("\(module)/Wrong.swift").write(line + "\n")
            let end = try await run("/bin/sh", [folder.appending(".ci/check-arrows").string])
            #expect(end.status == 1)
            let name = module.split(separator: "/").last ?? ""
            #expect(end.errorOutput.contains("\(module)/Wrong.swift:"), "\(end)")
            #expect(end.errorOutput.contains("\(name) imports "), "\(end)")
        }
    }

    @Test(
        "an arrow that only the manifest or only the document has is found, and a module that only one of them knows",
        arguments: [
            (
                "Package.swift", "module(\"Text\")", "module(\"Text\", [\"Commands\"])",
                "+Text: Commands"
            ),
            (
                "docs/architecture.md", "`ElixirBuildpacks`, `Commands`, `Diagnostics`, `Files` |",
                "`ElixirBuildpacks` |",
                "+PackagedBuildpacks:"
            ),
            ("docs/architecture.md", "| `TOMLCoding` |", "| `TOMLCoder` |", "-TOMLCoder:"),
            ("docs/architecture.md", "| `CLI` |", "| CLI |", "+CLI: all below"),
        ])
    func otherArrows(file: String, old: String, new: String, expected: String) async throws {
        try await withTemporaryFolder { folder in
            try copyRepository(to: folder)
            let changed = folder.appending(FilePath(file).components)
            let text = try changed.readText()
            try #require(text.contains(old))
            try changed.write(text.replacing(old, with: new))
            let end = try await run("/bin/sh", [folder.appending(".ci/check-arrows").string])
            #expect(end.status == 1)
            #expect(end.errorOutput.contains(expected), "\(end)")
        }
    }

    @Test("a folder of Sources that is no target is found")
    func strangeFolder() async throws {
        try await withTemporaryFolder { folder in
            try copyRepository(to: folder)
            try folder.appending("Sources/Strange/A.swift").write("")
            let end = try await run("/bin/sh", [folder.appending(".ci/check-arrows").string])
            #expect(end.status == 1)
            #expect(end.errorOutput == "Sources/Strange/ is no target of Package.swift\n")
        }
    }

    @Test("a test that failed takes a few lines of the page, however long its arguments are, and one that passed none")
    func testPage() async throws {
        try await withTemporaryFolder { folder in
            let lines = String(repeating: "line\\n", count: 500)
            func record(_ kind: String, _ payload: String) -> String { #"{"kind":"\#(kind)","payload":{\#(payload)}}"# }
            let events = [
                record("test", #""kind":"function","id":"M.S\/a(x:)\/S.swift:1:2","displayName":"says \"a\"""#),
                record("test", #""kind":"function","id":"M.S\/b()\/S.swift:9:2","name":"b()""#),
                record("event", #""kind":"testStarted","testID":"M.S\/a(x:)\/S.swift:1:2""#),
                record(
                    "event",
                    #""kind":"issueRecorded","testID":"M.S\/a(x:)\/S.swift:1:2","_testCase":{"displayName":"\#(lines)"},"#
                        + #""issue":{"isKnown":false,"sourceLocation":{"_filePath":"\/top\/Tests\/S.swift","line":7}},"#
                        + #""messages":[{"text":"Expectation failed: \#(lines)"},{"text":"\#(lines)"}]"#),
                record("event", #""kind":"testEnded","testID":"M.S\/a(x:)\/S.swift:1:2""#),
                record("event", #""kind":"testStarted","testID":"M.S\/b()\/S.swift:9:2""#),
            ]
            let file = folder.appending("events")
            try file.write(events.joined(separator: "\n") + "\n")
            func page(_ words: String) async throws -> [Substring] {
                let command = "'\(try script("json-paths"))' '\(file)' | '\(try script("test-page"))' \(words)"
                return try await run("/bin/sh", ["-c", command]).succeeded().lines.map { $0[...] }
            }
            let shown = try await page("-v root=/top/")
            #expect(shown.prefix(2) == [#"  ✘ says "a"  (M.S/a(x:))"#, "      at Tests/S.swift:7"])
            #expect(shown.count < 10 && shown.allSatisfy { $0.count < 220 }, "\(shown)")
            #expect(try await page("-v ids=1") == [#"^M\.S/a\(x:\)/"#])
            #expect(try await page("-v running=1") == ["  ? b()  (M.S/b())"])
        }
    }

    @Test(
        "what a build makes, or what no one expects at the top, must not be tracked",
        arguments: [
            ".build/x", "Package.resolved", "samples/hello/_build/x", "samples/hello/deps/x/mix.exs", "notes.txt",
        ])
    func trackedFiles(_ path: String) async throws {
        try await withTemporaryFolder { folder in
            try script("check-tracked-files").copy(to: folder.appending(".ci/check-tracked-files"))
            try folder.appending("README.md").write("")
            let git = try findTool("git")
            _ = try await run(git, ["init", "-q"], workingDirectory: folder).succeeded()
            _ = try await run(git, ["add", "-f", "."], workingDirectory: folder).succeeded()
            let check = folder.appending(".ci/check-tracked-files").string
            #expect(try await run("/bin/sh", [check]).status == 0)
            try folder.appending(path).write("")
            _ = try await run(git, ["add", "-f", path], workingDirectory: folder).succeeded()
            let end = try await run("/bin/sh", [check])
            #expect(end.status == 1, "\(end)")
            #expect(end.errorOutput.contains(path.split(separator: "/").first.map(String.init) ?? path))
        }
    }

    @Test("missing packages are named before they are installed, and a package list of every group exists")
    func packages() async throws {
        try await withTemporaryFolder { folder in
            // The package tools of a machine on which nothing is installed; what is asked of them is kept.
            let tools = folder.appending("tools")
            try tools.appending("dpkg-query").write("#!/bin/sh\nexit 1\n", mode: 0o755)
            for tool in ["apt-get", "sudo"] {
                try tools.appending(tool).write("#!/bin/sh\necho \"\(tool) $*\"\n", mode: 0o755)
            }
            try tools.appending("env").write("#!/bin/sh\nshift\necho \"$*\"\n", mode: 0o755)
            let list = try script("install-packages").string
            for group in ["build", "run", "test", "bench"] {
                let end = try await run(
                    "/bin/sh", [list, group], environment: ["PATH": "\(tools):/usr/bin:/bin"])
                #expect(end.status == 0, "\(end)")
                if group == "build" {
                    #expect(end.lines.first?.hasPrefix("Installing system packages: libarchive-dev ") == true, "\(end)")
                    #expect(end.lines.last?.contains("--no-install-recommends libarchive-dev") == true, "\(end)")
                }
            }
        }
    }

    @Test(
        "a Swift that is missing, too old or cannot start is named, with what to do",
        arguments: [
            (nil, "there is no command"), ("echo 'Swift version 6.1.2 (swift-6.1.2-RELEASE)'", "this one is 6.1"),
            (
                "echo \"$0: error while loading shared libraries: libxml2.so.2: cannot open shared object file\" >&2; exit 127",
                "the library libxml2.so.2\n  on Debian and Ubuntu: sudo apt-get install libxml2\n"
            ),
            ("echo 'illegal instruction' >&2; exit 132", "cannot start: \n  illegal instruction"),
            (
                "test $1 = --version || { echo 'x: error while loading shared libraries: libodd.so.1: y' >&2; exit 127; }",
                "the library libodd.so.1\n"
            ),
        ])
    func swift(_ body: String?, _ expected: String) async throws {
        try await withTemporaryFolder { folder in
            let swift = folder.appending("swift")
            if let body { try swift.write("#!/bin/sh\n\(body)\n", mode: 0o755) }
            let end = try await run("/bin/sh", [try script("require-swift").string, swift.string])
            #expect(end.status == 1 && end.errorOutput.contains(expected), "\(end)")
            #expect(end.errorOutput.contains("https://www.swift.org/install/linux"))
        }
    }

    @Test(
        "the first release build says about how long it takes; Swift's runtime goes into all programs but the launcher")
    func release() async throws {
        try await withTemporaryFolder { folder in
            let (build, swift) = (folder.appending(".ci/build-release"), folder.appending("swift"))
            try script("build-release").copy(to: build)
            let foreign = folder.appending(".ci/build-foreign-launcher")
            try foreign.write("#!/bin/sh\necho \"foreign $2\"\n", mode: 0o755)
            try swift.write("#!/bin/sh\necho \"swift $*\"\n", mode: 0o755)
            let first = try await run("/bin/sh", [build.string, swift.string]).succeeded()
            #expect(first.lines.first?.firstMatch(of: /about [0-9]+ minutes with [0-9]+ processors/) != nil, "\(first)")
            #expect(
                first.lines.dropFirst() == [
                    "swift build -c release --product mixpack-launcher",
                    "swift build -c release --static-swift-stdlib --product mixpack",
                    "swift build -c release --static-swift-stdlib --product mixpack-buildpacks",
                    "swift build -c release --static-swift-stdlib --product mixpack-lifecycle",
                    "foreign .build/release",
                ])
            try folder.appending(".build/release/mixpack").write("")
            let second = try await run("/bin/sh", [build.string, swift.string]).succeeded()
            #expect(second.lines == Array(first.lines.dropFirst()))
            // Without the other processor's C library there is a release; a launcher that does not compile fails it.
            try foreign.write("#!/bin/sh\nexit 2\n", mode: 0o755)
            let alone = try await run("/bin/sh", [build.string, swift.string]).succeeded()
            #expect(alone.errorOutput.contains("this machine's own processor only"), "\(alone)")
            try foreign.write("#!/bin/sh\nexit 1\n", mode: 0o755)
            #expect(try await run("/bin/sh", [build.string, swift.string]).status == 1)
        }
    }

    @Test("install builds nothing and needs no Swift, and says what to do before if nothing is built")
    func install() async throws {
        try await withTemporaryFolder { folder in
            let (built, prefix) = (folder.appending("built"), folder.appending("stage/usr/local"))
            try built.makeFolder()
            func install() async throws -> ProgramEnd {
                try await run(
                    "/usr/bin/make",
                    [
                        "-s", "-C", try repositoryFolder().string, "install", "SWIFT=/no/swift",
                        "RELEASE_FOLDER=\(built)",
                        "DESTDIR=\(folder)/stage",
                    ],
                    environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
            }
            let early = try await install()
            #expect(early.status != 0 && early.errorOutput.contains("run make release first"), "\(early)")
            #expect(!prefix.isThere)
            try Self.copyPrograms(to: built)
            _ = try await install().succeeded()
            // A release without the other processor's launcher can be installed too.
            let foreign = try Self.foreignLauncher()
            #expect(!prefix.appending("libexec/mixpack/\(foreign)").isThere)
            try built.appending("mixpack-launcher").copy(to: built.appending(foreign))
            _ = try await install().succeeded()
            let files =
                ["bin/mixpack", "libexec/mixpack/mixpack-launcher", "libexec/mixpack/mixpack-buildpacks"]
                + ["libexec/mixpack/\(foreign)"]
                + ["creator", "rebaser", "launcher", "lib/libx.so.1"].map { "libexec/mixpack/lifecycle/\($0)" }
                + ["share/man/man1/mixpack.1", "share/bash-completion/completions/mixpack"]
                + ["share/zsh/site-functions/_mixpack", "share/fish/vendor_completions.d/mixpack.fish"]
            for file in files { #expect(prefix.appending(FilePath(file).components).isThere, "\(file)") }
        }
    }

    @Test(
        "a Debian package has its fields, its files and nothing of the machine; a program with a foreign library has none"
    )
    func package() async throws {
        try await withTemporaryFolder { folder in
            let built = folder.appending("built")
            try Self.copyPrograms(to: built)
            func make() async throws -> ProgramEnd {
                try await run("/bin/sh", [try script("make-deb").string, built.string, folder.appending("out").string])
            }
            let foreign = try Self.foreignLauncher()
            let incomplete = try await make()
            #expect(incomplete.status == 1 && incomplete.errorOutput.contains("/\(foreign): run make"), "\(incomplete)")
            try built.appending("mixpack-launcher").copy(to: built.appending(foreign))
            // The program of the tests has Swift's runtime outside.
            let refused = try await make()
            #expect(refused.status == 1 && refused.errorOutput.contains("needs Swift's runtime (lib"), "\(refused)")
            let program = built.appending("mixpack")
            try await Self.standIn(for: try builtProgram("mixpack"), at: program)
            // The one of the tests is large, and takes long to compress.
            try FileManager.default.removeItem(atPath: built.appending("mixpack-buildpacks").string)
            try program.copy(to: built.appending("mixpack-buildpacks"))
            let file = try #require(try await make().succeeded().lines.first)
            let first = try await run("/usr/bin/sha256sum", [file]).succeeded().output
            #expect(
                try await run("/usr/bin/sha256sum", [try await make().succeeded().lines[0]]).succeeded().output == first
            )

            let fields = try await run("/usr/bin/dpkg-deb", ["--field", file]).succeeded().output
            for field in ["Package: mixpack\n", "Version: 0.", "Maintainer: ", "Installed-Size: ", "Description: "] {
                #expect(fields.contains(field), "\(fields)")
            }
            let depends = try await run("/usr/bin/dpkg-deb", ["--field", file, "Depends"]).succeeded().output
            #expect(depends.hasPrefix("libc6 (>= 2."), "\(depends)")
            for package in ["libarchive13t64 | libarchive13", "libcurl4t64 | libcurl4", "libncursesw6", "libdeflate0"] {
                #expect(depends.contains(package), "\(depends)")
            }
            let contents = try await run("/usr/bin/dpkg-deb", ["--contents", file]).succeeded().lines
            #expect(contents.allSatisfy { $0.contains(" root/root ") && $0.contains(" 1980-01-01 ") }, "\(contents)")
            // A link is listed with what it leads to.
            let paths = Set(
                contents.compactMap { $0.split(separator: " -> ").first?.split(separator: " ").last.map(String.init) })
            for path in [
                "bin/mixpack", "libexec/mixpack/mixpack-launcher", "libexec/mixpack/\(foreign)",
                "share/man/man1/mixpack.1.gz",
                "share/doc/mixpack/copyright",
                "share/bash-completion/completions/mixpack", "share/zsh/vendor-completions/_mixpack",
                "share/fish/vendor_completions.d/mixpack.fish",
            ] {
                #expect(paths.contains("./usr/\(path)"), "\(paths)")
            }
            #expect(paths.allSatisfy { $0 == "./" || $0.hasPrefix("./usr/") })
        }
    }

    /// The programs of the tests' build, where make release would leave its own.
    private static func copyPrograms(to folder: FilePath) throws {
        for name in ["mixpack", "mixpack-launcher", "mixpack-buildpacks"] {
            try debugProgram(name).copy(to: folder.appending(name))
        }
        // The lifecycle's folder has its own tests.
        for (name, mode) in [("creator", 0o755), ("launcher", 0o755), ("lib/libx.so.1", 0o644)] as [(String, UInt16)] {
            try folder.appending("lifecycle/\(name)").write(name, mode: mode)
        }
    }

    /// What the launcher for the processor that this machine does not have is called.
    private static func foreignLauncher() throws -> String {
        var system = utsname()
        uname(&system)
        let own = withUnsafeBytes(of: system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let rows = try repositoryFolder().appending(".ci/processors").readText().split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ").map(String.init) }
        return "mixpack-launcher-" + (try #require(rows.first { $0.last != own }?.first))
    }

    /// A program that needs the libraries of mixpack, without Swift's runtime, and does what mixpack does.
    private static func standIn(for program: FilePath, at place: FilePath) async throws {
        let source = place.removingLastComponent().removingLastComponent().appending("program.c")
        try source.write(
            "#include <unistd.h>\nint main(int n, char **words) { (void)n; return execv(\"\(program)\", words); }\n")
        let libraries = ["ncursesw", "archive", "deflate", "zstd", "crypto", "curl"].map { "-l\($0)" }
        _ = try await run(
            try findTool("clang"),
            ["-o", place.string, source.string, "-Wl,--no-as-needed", "-Wl,--build-id=none"] + libraries
        ).succeeded()
    }

    private func script(_ name: String) throws -> FilePath {
        try repositoryFolder().appending(".ci/\(name)")
    }

    private func copyRepository(to folder: FilePath) throws {
        let repository = try repositoryFolder()
        for name in ["Package.swift", "Sources", "Tests", "docs", ".ci"] {
            try repository.appending(name).copy(to: folder.appending(name))
        }
    }
}
