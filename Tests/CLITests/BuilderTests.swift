import Glibc
import SystemPackage
import TestSupport
import Testing

/// `mixpack builder create` and `builder inspect`, by the whole program.
@Suite(.serialized) struct BuilderTests {
    private static let order = """
        description = "a test's"
        [[buildpacks]]
        uri = "one"
        [[buildpacks]]
        uri = "two.tgz"
        [[buildpacks]]
        uri = "both"
        [[order]]
        [[order.group]]
        id = "test/both"
        [[order]]
        [[order.group]]
        id = "test/one"
        optional = true
        [[build.env]]
        name = "FROM"
        value = "the builder"
        suffix = "default"

        """

    /// Everything of the sample builder in one folder.
    private func write(_ parts: BuilderParts, in folder: String = "parts") async throws -> FilePath {
        try parts.buildpack("one", in: folder)
        try parts.buildpack("two", in: folder)
        try parts.buildpack("both", in: folder, children: ["one", "two"])
        let place = parts.bench.folder.appending(FilePath(folder).components)
        _ = try await run("/bin/tar", ["-czf", "two.tgz", "two"], workingDirectory: place).succeeded()
        return try parts.file(
            Self.order, in: folder,
            images: "[build]\nimage = \"oci:\(parts.images):build\"\n[[run.images]]\nimage = \"registry.test/run:1\"\n"
                + "mirrors = [\"mirror.test/run:1\"]\n"
        )
    }

    @Test(
        "a builder of folders, a tar and a composite: layers, files and labels as pack has them; the same bytes twice")
    func creates() async throws {
        try await Workbench.run { bench in
            let parts = BuilderParts(bench: bench)
            try await parts.makeImages()
            let lifecycle = try await parts.makeLifecycle()
            let file = try await write(parts)
            let layout = bench.folder.appending("out")
            let arguments = ["--run-image", "oci:\(parts.images):run", "--mirror", "registry.test/run:1"]
            let end = try await parts.create(
                ["oci:\(layout):one", "team/builder:1", "--config", file.string, "--lifecycle", lifecycle.string]
                    + arguments
            ).succeeded()
            #expect(end.output.contains("lifecycle    0.20.5 from lifecycle.tgz, sha256:"), "\(end)")
            // From other folders, with other umasks and times.
            let other = try await write(parts, in: "elsewhere/deep")
            _ = try await parts.create(
                ["oci:\(layout):two", "-c", other.string, "--lifecycle", lifecycle.string] + arguments
            ).succeeded()
            let skopeo = try findTool("skopeo")
            let one = try await run(skopeo, ["inspect", "--raw", "oci:\(layout):one"]).succeeded().output
            #expect(try await run(skopeo, ["inspect", "--raw", "oci:\(layout):two"]).succeeded().output == one)
            try await checkLabels("oci:\(layout):one")
            try await checkFiles(layout, in: bench.folder.appending("bundle"))
            try await checkInspection(bench)
        }
    }

    private func checkLabels(_ place: String) async throws {
        let labels = try await BuilderParts.labels(place)
        func json(_ name: String) throws -> JSONValue { try JSONValue(parsing: labels["io.buildpacks.\(name)"] ?? "") }
        let metadata = try json("builder.metadata")
        #expect(metadata["description"]?.string == "a test's")
        #expect(
            metadata["buildpacks"]?.array?.compactMap { $0["id"]?.string } == ["test/both", "test/one", "test/two"])
        #expect(metadata["extensions"] == .null)
        #expect(metadata["images"]?.array?.first?["image"]?.string == "registry.test/run:1")
        #expect(metadata["stack"]?["runImage"]?["image"]?.string == "registry.test/run:1")
        #expect(metadata["lifecycle"]?["version"]?.string == "0.20.5")
        #expect(metadata["lifecycle"]?["apis"]?["platform"]?["deprecated"]?.array?.first?.string == "0.7")
        #expect(metadata["createdBy"]?["name"]?.string == "mixpack")
        // The order as it is written has no versions.
        #expect(
            labels["io.buildpacks.buildpack.order"]
                == #"[{"group":[{"id":"test/both"}]},{"group":[{"id":"test/one","optional":true}]}]"#)
        let layers = try json("buildpack.layers")
        let both = layers["test/both"]?["1.0.0"]
        #expect(both?["order"]?.array?.first?["group"]?.array?.count == 2)
        #expect(both?["api"]?.string == "0.12" && both?["layerDiffID"]?.string?.hasPrefix("sha256:") == true)
        #expect(labels["io.buildpacks.extension.layers"] == "{}")
        #expect(labels["io.buildpacks.stack.id"] == BuilderParts.stack)
        #expect(labels["io.buildpacks.stack.mixins"] == "null")
    }

    private func checkFiles(_ layout: FilePath, in bundle: FilePath) async throws {
        _ = try await run(
            try findTool("umoci"), ["unpack", "--image", "\(layout):one", bundle.string]
        ).succeeded()
        let root = bundle.appending("rootfs")
        let list =
            "cd '\(root)' && stat -c '%n %a %u:%g %Y' layers workspace cnb cnb/buildpacks/test_one/1.0.0/bin/build "
            + "cnb/buildpacks/test_one/1.0.0/lib/data cnb/lifecycle/detector cnb/order.toml platform/env"
        let stats = try await run("/bin/sh", ["-c", list]).succeeded()
        let time = 315_532_801
        #expect(
            stats.lines == [
                "layers 755 1001:1002 \(time)", "workspace 755 1001:1002 \(time)", "cnb 755 0:0 \(time)",
                "cnb/buildpacks/test_one/1.0.0/bin/build 755 0:0 \(time)",
                "cnb/buildpacks/test_one/1.0.0/lib/data 644 0:0 \(time)", "cnb/lifecycle/detector 755 0:0 \(time)",
                "cnb/order.toml 644 0:0 \(time)", "platform/env 755 0:0 \(time)",
            ], "\(stats)")
        #expect(
            try root.appending("cnb/order.toml").readText() == """
                [[order]]

                [[order.group]]
                id = "test/both"
                version = "1.0.0"

                [[order]]

                [[order.group]]
                id = "test/one"
                version = "1.0.0"
                optional = true

                """)
        #expect(
            try root.appending("cnb/run.toml").readText() == "[[images]]\nimage = \"registry.test/run:1\"\n")
        #expect(
            try root.appending("cnb/stack.toml").readText() == "[run-image]\nimage = \"registry.test/run:1\"\n")
        #expect(try root.appending("cnb/build-config/env/FROM.default").readText() == "the builder")
        let creator = try await run("/usr/bin/readlink", [root.appending("cnb/lifecycle/creator").string]).succeeded()
        #expect(creator.lines == ["detector"])
        #expect(!root.appending("cnb/lifecycle/lifecycle.toml").isThere)
        #expect(try await run("/usr/bin/readlink", [root.appending("lifecycle").string]).lines == ["/cnb/lifecycle"])
    }

    private func checkInspection(_ bench: Workbench) async throws {
        let shown = try await bench.mixpack.run(["builder", "inspect", "team/builder:1"]).succeeded()
        for line in [
            "  description  a test's", "  user         1001:1002", "  id      test.stack", "  version        0.20.5",
            "  registry.test/run:1", "  test/both  1.0.0  API 0.12  The both", " ├ Group #1:", " │  └ test/both@1.0.0",
            " │     └ Group #1:", " │        ├ test/one@1.0.0", " └ Group #2:", "    └ test/one@1.0.0 (optional)",
        ] { #expect(shown.output.split(separator: "\n").contains { $0 == line }, "\(line) in \(shown)") }
        let json = try await bench.mixpack.run(["builder", "inspect", "team/builder:1", "--json"]).succeeded()
        let value = try JSONValue(parsing: json.output)
        let member = value["order"]?.array?.first?["group"]?.array?.first
        #expect(member?["id"]?.string == "test/both")
        #expect(member?["order"]?.array?.first?["group"]?.array?.count == 2)
        let image = try await bench.mixpack.run(["builder", "inspect", "nowhere:1", "--insecure-registry", "x"])
        #expect(image.status == 3, "\(image)")
    }

    @Test("mixpack's own buildpacks without builder.toml, a lifecycle image, and a registry")
    func ownBuildpacks() async throws {
        try await withRegistry { registry, _ in
            try await Workbench.run { bench in
                let parts = BuilderParts(bench: bench)
                try await parts.makeImages()
                _ = try await parts.makeLifecycle()
                // As kpack wants it: the last layer has the programs, the labels say what they support.
                let script = """
                    set -e
                    umoci new --image images:lifecycle
                    mkdir cnb && cp -a release/lifecycle cnb && tar -cf cnb.tar cnb
                    umoci raw add-layer --image images:lifecycle cnb.tar
                    umoci config --image images:lifecycle --config.label io.buildpacks.lifecycle.version=0.20.5 \\
                        --config.label 'io.buildpacks.lifecycle.apis={"buildpack":{"deprecated":[],"supported":["0.10","0.12"]},"platform":{"deprecated":[],"supported":["0.12"]}}'
                    """
                _ = try await run("/bin/sh", ["-c", script], workingDirectory: bench.folder).succeeded()
                let name = "\(registry.host)/team/builder:1"
                let end = try await parts.create([
                    name, "--publish", "--label", "team=shop", "--build-image", "oci:\(parts.images):build",
                    "--run-image",
                    "oci:\(parts.images):run", "--mirror", "\(registry.host)/team/run:1", "--lifecycle",
                    "oci:\(parts.images):lifecycle",
                ]).succeeded()
                #expect(
                    end.output.contains("lifecycle    0.20.5 from oci:\(parts.images):lifecycle, sha256:"), "\(end)")
                let labels = try await BuilderParts.labels("docker://\(name)")
                #expect(
                    labels["io.buildpacks.buildpack.order"]
                        == #"[{"group":[{"id":"io.github.carlo-colombo.elixir"}]}]"#)
                #expect(labels["team"] == "shop")
                let layers = try JSONValue(parsing: labels["io.buildpacks.buildpack.layers"] ?? "").object ?? [:]
                let diffIDs = layers.values.flatMap { $0.object?.values.map { $0["layerDiffID"]?.string } ?? [] }
                // The program is in the builder once.
                #expect(layers.count == 4 && Set(diffIDs).count == 1)
                let manifest = try await run(
                    try findTool("skopeo"), ["inspect", "--raw", "--tls-verify=false", "docker://\(name)"]
                ).succeeded()
                let types = try JSONValue(parsing: manifest.output)["layers"]?.array?.compactMap {
                    $0["mediaType"]?.string
                }
                #expect(Set(types ?? []).count == 1, "\(manifest)")
                let shown = try await bench.mixpack.run(["builder", "inspect", "docker://\(name)"]).succeeded()
                #expect(shown.output.contains("\(registry.host)/team/run:1"), "\(shown)")
            }
        }
    }

    @Test("extensions, system buildpacks, a buildpackage and two versions of one buildpack")
    func more() async throws {
        try await Workbench.run { bench in
            let parts = BuilderParts(bench: bench)
            try await parts.makeImages()
            let lifecycle = try await parts.makeLifecycle()
            try parts.buildpack("one")
            try parts.buildpack("one", in: "newer", version: "2.0.0")
            let place = bench.folder.appending("parts/curl")
            try place.appending("extension.toml").write(
                "api = \"0.12\"\n[extension]\nid = \"test/curl\"\nversion = \"1.0.0\"\n")
            try place.appending("bin/generate").write("#!/bin/sh\n", mode: 0o755)
            _ = try await bench.mixpack.run(
                ["buildpack", "package", bench.folder.appending("parts/elixir.cnb").string]
            ).succeeded()
            let sources = """
                [[buildpacks]]
                uri = "one"
                [[buildpacks]]
                uri = "../newer/one"
                version = "2.0.0"
                [[buildpacks]]
                uri = "elixir.cnb"
                [[extensions]]
                uri = "curl"
                [[order-extensions]]
                [[order-extensions.group]]
                id = "test/curl"
                [system.pre]
                buildpacks = [{ id = "test/one", version = "2.0.0" }]
                [[order]]
                [[order.group]]
                id = "io.github.carlo-colombo.elixir"
                [[order.group]]
                id = "test/one"

                """
            let arguments = ["--run-image", "oci:\(parts.images):run", "--lifecycle", lifecycle.string]
            let several = try await parts.create(
                ["b:1", "-c", try parts.file(sources).string] + arguments)
            #expect(several.status == 3, "\(several)")
            #expect(
                several.errorOutput.contains("give its version: 1.0.0, 2.0.0"), "\(several)")
            let layout = bench.folder.appending("out")
            let file = try parts.file(sources + "version = \"1.0.0\"\n")
            _ = try await parts.create(["b:1", "oci:\(layout):b", "-c", file.string] + arguments).succeeded()
            let labels = try await BuilderParts.labels("oci:\(layout):b")
            let one = try JSONValue(parsing: labels["io.buildpacks.buildpack.layers"] ?? "")["test/one"]
            #expect(one?.object?.keys.sorted() == ["1.0.0", "2.0.0"])
            let extensions = try JSONValue(parsing: labels["io.buildpacks.extension.layers"] ?? "")
            #expect(extensions["test/curl"]?["1.0.0"]?["api"]?.string == "0.12")
            #expect(
                labels["io.buildpacks.buildpack.system"]
                    == #"{"post":{"buildpacks":[]},"pre":{"buildpacks":[{"id":"test/one","version":"2.0.0"}]}}"#)
            let bundle = bench.folder.appending("bundle")
            _ = try await run(
                try findTool("umoci"), ["unpack", "--image", "\(layout):b", bundle.string]
            ).succeeded()
            let cnb = bundle.appending("rootfs/cnb")
            #expect(cnb.appending("extensions/test_curl/1.0.0/bin/generate").isThere)
            #expect(cnb.appending("buildpacks/io.github.carlo-colombo.elixir").isThere)
            #expect(
                try cnb.appending("system.toml").readText()
                    == "[[system.pre.buildpacks]]\nid = \"test/one\"\nversion = \"2.0.0\"\n")
            #expect(
                try cnb.appending("order.toml").readText().contains(
                    "[[order-extensions.group]]\nid = \"test/curl\"\nversion = \"1.0.0\""))
            let shown = try await bench.mixpack.run(["builder", "inspect", "oci:\(layout):b"]).succeeded()
            for line in ["  before  test/one@2.0.0", "Order of extensions", "    └ test/curl@1.0.0"] {
                #expect(shown.output.contains(line), "\(shown)")
            }
        }
    }

    /// What is wrong with builder.toml, the exit code, and a part of the message.
    @Test("bad input ends with the right code and message, and leaves nothing behind")
    func badInput() async throws {
        try await Workbench.run { bench in
            let parts = BuilderParts(bench: bench)
            try await parts.makeImages()
            let lifecycle = try await parts.makeLifecycle()
            try parts.buildpack("one")
            try parts.buildpack("new", api: "0.99")
            try parts.buildpack("old", api: "0.2")
            try parts.buildpack("lonely", children: ["missing"])
            try parts.buildpack("a", children: ["b"])
            try parts.buildpack("b", children: ["a"])
            try parts.buildpack("arm", more: "[[targets]]\nos = \"linux\"\narch = \"riscv64\"\n")
            try parts.buildpack(
                "suse", more: "[[targets]]\nos = \"linux\"\n[[targets.distros]]\nname = \"suse\"\nversion = \"1\"\n")
            try parts.buildpack("stacked", more: "[[stacks]]\nid = \"heroku-18\"\n")
            func group(_ id: String) -> String { "[[order]]\n[[order.group]]\nid = \"\(id)\"\n" }
            func uris(_ names: String...) -> String { names.map { "[[buildpacks]]\nuri = \"\($0)\"\n" }.joined() }
            let cases: [(String, Int32, String)] = [
                (uris("one") + group("test/two"), 3, "builder.toml:5:6: the order names the buildpack test/two"),
                (uris("nowhere"), 3, "builder.toml:2:7: "),
                (uris("new"), 12, "Buildpack API \"0.99\""), (uris("old"), 12, "which the lifecycle does not support"),
                (uris("lonely"), 3, "the composite test/lonely@1.0.0 names the buildpack test/missing@1.0.0"),
                (
                    uris("a", "b"), 22,
                    "a composite buildpack contains itself: test/a@1.0.0 → test/b@1.0.0 → test/a@1.0.0"
                ),
                (uris("arm"), 3, "is for linux/riscv64"), (uris("suse"), 3, "is for linux (suse 1)"),
                (uris("stacked"), 3, "is for the stacks heroku-18, not for test.stack"),
                (
                    "[[buildpacks]]\nuri = \"one\"\nversion = \"2\"\n", 3,
                    "builder.toml:2:7: one is the buildpack test/one@1.0.0, not 2"
                ),
                (uris("one") + "[stack]\nid = \"other\"\n", 3, "[stack] id is other"),
                ("[[targets]]\nos = \"linux\"\narch = \"riscv64\"\n", 3, "[[targets]] names linux/riscv64"),
                ("surprise = 1\n", 3, "builder.toml:1:1: unknown key surprise"),
            ]
            let store = bench.mixpack.images.appending("layouts")
            for (text, status, message) in cases {
                let file = try parts.file(text)
                let layout = bench.folder.appending("out")
                let end = try await parts.create(
                    [
                        "bad:1", "oci:\(layout):x", "-c", file.string, "--lifecycle", lifecycle.string, "--run-image",
                        "oci:\(parts.images):run",
                    ])
                #expect(end.status == status, "\(text)\n\(end)")
                #expect(end.errorOutput.contains(message), "\(message) in \(end)")
                #expect(!layout.isThere && !store.appending("docker.io/library/bad").isThere)
            }
            try await badImages(parts, lifecycle)
        }
    }

    private func badImages(_ parts: BuilderParts, _ lifecycle: FilePath) async throws {
        let script = """
            set -e
            umoci tag --image images:build arm && umoci config --image images:arm --architecture riscv64
            umoci tag --image images:run other && umoci config --image images:other --config.label io.buildpacks.stack.id=x
            """
        _ = try await run("/bin/sh", ["-c", script], workingDirectory: parts.bench.folder).succeeded()
        let images = "oci:\(parts.images)"
        let cases: [([String], String)] = [
            (["--build-image", "\(images):arm", "--run-image", "\(images):run"], "is for linux/riscv64, not for"),
            (["--build-image", "\(images):run", "--run-image", "\(images):run"], "has no CNB_USER_ID"),
            (["--build-image", "\(images):build", "--run-image", "\(images):other"], "has the stack x"),
            (["--build-image", "\(images):gone", "--run-image", "\(images):run"], "the build image \(images):gone"),
            (["--build-image", "\(images):build"], "the build image test.stack"),
        ]
        for (arguments, message) in cases {
            let end = try await parts.create(["bad:1", "--lifecycle", "lifecycle.tgz"] + arguments)
            #expect(end.status == 3, "\(end)")
            #expect(end.errorOutput.contains(message), "\(message) in \(end)")
        }
        let missing = try await parts.makeLifecycle(without: "restorer")
        try missing.removingLastComponent().appending("plain.tgz").write("no tar")
        let good = ["bad:1", "--build-image", "\(images):build", "--run-image", "\(images):run"]
        for (lifecycle, message) in [
            ("lifecycle.tgz", "does not have the lifecycle's restorer"), ("plain.tgz", "no lifecycle in"),
            ("./nowhere.tgz", "it is not a file"), ("\(images):run", "does not have the lifecycle's"),
        ] {
            let end = try await parts.create(good + ["--lifecycle", lifecycle])
            #expect(end.status == 3, "\(end)")
            #expect(end.errorOutput.contains(message), "\(message) in \(end)")
        }
        let inspected = try await parts.bench.mixpack.run(["builder", "inspect", "\(images):run"])
        #expect(inspected.status == 3 && inspected.errorOutput.contains("try recreating"), "\(inspected)")
    }
}
