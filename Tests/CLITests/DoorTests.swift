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
        "an import against the arrows is found",
        arguments: [
            ("OCIImage", "import Lifecycle"), ("Lifecycle", "@testable import MixInspection"),
            ("Console", "public import Commands"), ("Reports", "import Foundation"),
            ("TOMLCoding", "import struct Glibc.stat\nimport OCIImage"),
        ])
    func wrongImport(_ module: String, _ line: String) async throws {
        try await withTemporaryFolder { folder in
            try copyRepository(to: folder)
            try folder.appending("Sources/\(module)/Wrong.swift").write(line + "\n")
            let end = try await run("/bin/sh", [folder.appending(".ci/check-arrows").string])
            #expect(end.status == 1)
            #expect(end.errorOutput.contains("\(module) imports "), "\(end)")
            #expect(end.errorOutput.contains("Wrong.swift"))
        }
    }

    @Test("an arrow that the document does not name is found")
    func undocumentedArrow() async throws {
        try await withTemporaryFolder { folder in
            try copyRepository(to: folder)
            let manifest = folder.appending("Package.swift")
            let text = try manifest.readText()
            let changed = text.replacing("module(\"BuildpackAPI\")", with: "module(\"BuildpackAPI\", [\"Commands\"])")
            try #require(changed != text)
            try manifest.write(changed)
            let end = try await run("/bin/sh", [folder.appending(".ci/check-arrows").string])
            #expect(end.status == 1)
            #expect(end.errorOutput.contains("+BuildpackAPI: Commands"), "\(end)")
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

    private func script(_ name: String) throws -> FilePath {
        try repositoryFolder().appending(".ci/\(name)")
    }

    private func copyRepository(to folder: FilePath) throws {
        let repository = try repositoryFolder()
        for name in ["Package.swift", "Sources", "docs", ".ci"] {
            try repository.appending(name).copy(to: folder.appending(name))
        }
    }
}
