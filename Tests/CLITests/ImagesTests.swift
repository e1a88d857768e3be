import SystemPackage
import TestSupport
import Testing

/// `mixpack images` on a store with an image that was built, named and built again, by the whole program.
@Suite struct ImagesTests {
    @Test("names are given, listed, copied and removed; nothing goes without a yes")
    func images() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            try project.appending("project.toml").write(
                "[_]\nschema-version = \"0.2\"\n[mixpack]\ntags = [\":{version}\"]\n")
            _ = try await bench.tryBuild(project, as: "shop").succeeded()
            func images(_ words: String...) async throws -> ProgramEnd {
                try await bench.mixpack.run(["images"] + words)
            }
            #expect(
                try await images("tag", "shop", "team/shop:2").succeeded().output.contains("team/shop:2 is shop now"))
            let list = try await images().succeeded().output
            for word in ["shop:0.1.0 ", "team/shop:2 ", "built from \(project)", "mixpack.invalid/run-image:"] {
                #expect(list.contains(word), "\(word) is not in \(list)")
            }
            let archive = bench.folder.appending("shop.tar")
            _ = try await images("copy", "shop", "oci-archive:\(archive)").succeeded()
            let again = try await images("copy", "shop", "oci-archive:\(archive)")
            #expect(again.status == 3 && again.errorOutput.contains("already exists"))
            for words in [["rm", "shop:0.1.0"], ["prune", "--all"]] {
                let refused = try await bench.mixpack.run(["images"] + words)
                #expect(refused.status == 3 && refused.errorOutput.contains("give --yes"), "\(refused)")
            }
            #expect(try await images("list", "--json").succeeded().output.contains("\"name\" : \"shop:0.1.0\""))
            let removed = try await images("rm", "shop", "shop:0.1.0", "team/shop:2", "--yes").succeeded()
            #expect(removed.output.contains("\nfreed ") && !removed.output.hasSuffix("\nfreed 0 B\n"))
            #expect(try await images().succeeded().output.contains("shop:") == false)
            let cache = try await images("prune", "--cache", project.string, "--yes").succeeded()
            #expect(cache.output.contains("the cache of \(project)"))
            _ = try await bench.tryBuild(project, as: "shop").succeeded()
        }
    }

    @Test("prune beside builds takes nothing that they read or write")
    func pruneBesideBuilds() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            _ = try await bench.tryBuild(project, as: "shop").succeeded()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { try await prune(bench) } }
                for edition in 0..<6 {
                    try project.appending("lib/edition.ex").write(
                        "defmodule Edition do\n  def number, do: \(edition)\nend\n")
                    _ = try await bench.build(project, as: "shop", into: "layout\(edition)")
                }
                group.cancelAll()
                try await group.waitForAll()
            }
            _ = try await bench.tryBuild(project, as: "shop").succeeded()
            let verified = try await bench.mixpack.run(["images", "verify"]).succeeded()
            #expect(verified.output.contains("shop"), "\(verified)")
        }
    }

    /// Prunes again and again, until it is cancelled.
    private func prune(_ bench: Workbench) async throws {
        while !Task.isCancelled {
            do {
                _ = try await bench.mixpack.run(["images", "prune", "--all", "--yes"]).succeeded()
            } catch {
                guard Task.isCancelled else { throw error }
            }
        }
    }
}
