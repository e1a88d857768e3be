import FoundationEssentials
import RunImages
import SystemPackage
import TestSupport
import Testing

@Suite("The launcher's program") struct SameBytesTests {
    @Test("is static, small, and holds no path of the machine it was built on")
    func contents() throws {
        let launcher = try LauncherBinary.locate(executable: "/proc/self/exe")
        let elf = try #require(try ElfFile(at: launcher))
        #expect(elf.interpreter == nil)
        #expect(elf.needed == [])
        let bytes = try launcher.readBytes()
        #expect(bytes.count < 1_200_000)
        let folder = Array(try repositoryFolder().string.utf8)
        #expect(!bytes.indices.contains { bytes[$0] == folder[0] && bytes[$0...].starts(with: folder) })
    }

    @Test("has the same bytes when it is built in another folder, and so no image's digest depends on the folder")
    func anotherFolder() async throws {
        try await withTemporaryFolder { folder in
            let repository = try repositoryFolder()
            for name in ["Launcher", "CLauncher", "TOMLCoding"] {
                try repository.appending("Sources/\(name)").copy(to: folder.appending("Sources/\(name)"))
            }
            try folder.appending("Package.swift").write(
                launcherOnly(try repository.appending("Package.swift").readText()))
            let configuration = try isReleaseBuild() ? "release" : "debug"
            let swift = try findTool("swift")
            _ = try await run(
                swift, ["build", "-c", configuration, "--product", LauncherBinary.name], workingDirectory: folder,
                within: .seconds(600)
            ).succeeded()
            let other = folder.appending(".build/\(configuration)/\(LauncherBinary.name)")
            let own = try LauncherBinary.locate(executable: "/proc/self/exe")
            #expect(try other.readBytes() == own.readBytes())
        }
    }

    private func isReleaseBuild() throws -> Bool {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe").contains("/release/")
    }

    /// The package's manifest with the launcher's targets alone: neither downloads nor other modules.
    private func launcherOnly(_ manifest: String) throws -> String {
        let parts = manifest.split(separator: "let package = Package(", maxSplits: 1).map(String.init)
        let target = try #require(
            parts.last?.split(separator: ".executableTarget(\n            name: \"Launcher\"").last)
        let end = try #require(target.firstRange(of: "exclude: [\"launcher.ld\"]),"))
        return parts[0] + """
            let package = Package(
                name: "mixpack", products: [.executable(name: "\(LauncherBinary.name)", targets: ["Launcher"])],
                targets: [.executableTarget(name: "Launcher"\(target[..<end.upperBound])])
            """
    }
}
