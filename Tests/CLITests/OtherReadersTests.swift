import SystemPackage
import TestSupport
import Testing

/// What mixpack writes, read by the rules of pack, the lifecycle and kpack.
@Suite(.serialized) struct OtherReadersTests {
    @Test(
        "images keep the rules of pack's, the lifecycle's and kpack's readers: built and rebased, on each kind of base")
    func images() async throws {
        try await Workbench.run { bench in
            let own = try await bench.build(try bench.mini(), as: "own")
            #expect(problems(own) { $0.checkApplication() } == [])

            let layout = try await TinyImage.layout(in: bench.folder)
            let buildpack = try bench.launchBuildpack()
            let project = bench.folder.appending("project")
            try project.appending("file").write("x")
            try await RegistryProcess.run(in: bench.folder) { host in
                let base = "docker://\(host)/team/base:1"
                let copy = ["copy", "--format", "v2s2", "--dest-tls-verify=false", "oci:\(layout):tiny", base]
                _ = try await run(try findTool("skopeo"), copy).succeeded()
                for (name, place) in [("layout", "oci:\(layout):tiny"), ("docker", base)] {
                    let image = try await bench.build(
                        project, as: name, ["-b", buildpack.string, "--run-image", place], into: name)
                    #expect(problems(image) { $0.checkApplication() } == [], "\(name)")
                }
                let rebased = bench.folder.appending("rebased")
                _ = try await bench.mixpack.run(
                    ["rebase", "layout", "--force", "--run-image", base, "--output", "oci:\(rebased):x"]
                ).succeeded()
                #expect(problems(try ImageFacts(layout: rebased, tag: "x")) { $0.checkApplication() } == [])
            }
        }
    }

    @Test("packages and builders keep the rules of pack's and kpack's readers")
    func packages() async throws {
        try await Workbench.run { bench in
            let layout = bench.folder.appending("package")
            _ = try await bench.mixpack.run(["buildpack", "package", "oci:\(layout):bp"]).succeeded()
            #expect(problems(try ImageFacts(layout: layout, tag: "bp")) { $0.checkPackage() } == [])

            let parts = BuilderParts(bench: bench)
            try await parts.makeImages()
            let lifecycle = try await parts.makeLifecycle()
            try parts.buildpack("one")
            try parts.buildpack("both", children: ["one"])
            let file = try parts.file(
                """
                [[buildpacks]]
                uri = "one"
                [[buildpacks]]
                uri = "both"
                [[order]]
                [[order.group]]
                id = "test/both"
                """)
            let builder = bench.folder.appending("builder")
            _ = try await parts.create(
                ["oci:\(builder):b", "--config", file.string, "--lifecycle", lifecycle.string]
            ).succeeded()
            #expect(problems(try ImageFacts(layout: builder, tag: "b")) { $0.checkBuilder() } == [])
        }
    }

    @Test("the rules find what other readers refuse")
    func refused() async throws {
        try await Workbench.run { bench in
            let tiny = try ImageFacts(layout: try await TinyImage.layout(in: bench.folder), tag: "tiny")
            #expect(problems(tiny) { $0.checkImage() } == [])
            for check in [
                { (rules: inout ReaderRules) in rules.checkApplication() }, { $0.checkPackage() },
                { $0.checkBuilder() },
            ] { #expect(problems(tiny, check).count >= 2) }
            for name in ["docker://host/run:1", "oci:/a/b", "Host/Run", "a"] {
                #expect(!RegistryName.isTag(name), "\(name)")
            }
            for name in ["debian:12", "127.0.0.1:5000/team/run", "mixpack.invalid/run-image:0a1b-2c3d"] {
                #expect(RegistryName.isTag(name), "\(name)")
            }
        }
    }

    private func problems(_ facts: ImageFacts, _ check: (inout ReaderRules) -> Void) -> [String] {
        var rules = ReaderRules(facts)
        check(&rules)
        return rules.problems
    }
}
