import SystemPackage
import TestSupport

/// What a builder is made of, made by umoci and tar in the folder of a test.
struct BuilderParts {
    let bench: Workbench

    static let stack = "test.stack"
    private var folder: FilePath { bench.folder }
    /// The layout with the images `build` and `run`.
    var images: FilePath { folder.appending("images") }

    /// Makes both images: small, of one stack, with the user 1001:1002.
    func makeImages() async throws {
        let script = """
            set -e
            umoci init --layout images
            mkdir -p root/etc && echo "cnb:x:1001:1002::/home/cnb:/bin/sh" > root/etc/passwd
            for name in build run; do
                umoci new --image images:$name
                tar -cf $name.tar -C root etc
                umoci raw add-layer --image images:$name $name.tar
                umoci config --image images:$name --config.user 1001:1002 --config.env PATH=/usr/bin:/bin \\
                    --config.label io.buildpacks.stack.id=\(Self.stack) \\
                    --config.label io.buildpacks.base.distro.name=debian \\
                    --config.label io.buildpacks.base.distro.version=12
            done
            umoci config --image images:build --config.env CNB_USER_ID=1001 --config.env CNB_GROUP_ID=1002 \\
                --config.env CNB_STACK_ID=\(Self.stack)
            """
        _ = try await run("/bin/sh", ["-c", script], workingDirectory: folder).succeeded()
    }

    /// Makes a release of a lifecycle, of the reference's shape: its programs say only who they are.
    func makeLifecycle(without missing: String = "", buildpackAPIs: String = "\"0.10\", \"0.12\"") async throws
        -> FilePath
    {
        try folder.appending("release/lifecycle.toml").write(
            """
            [api]
            platform = "0.7"
            buildpack = "0.7"
            [apis.buildpack]
            deprecated = []
            supported = [\(buildpackAPIs)]
            [apis.platform]
            deprecated = ["0.7"]
            supported = ["0.7", "0.12"]
            [lifecycle]
            version = "0.20.5"
            """)
        for name in ["detector", "restorer", "analyzer", "builder", "exporter", "launcher"] where name != missing {
            try folder.appending("release/lifecycle/\(name)").write("#!/bin/sh\necho \(name)\n", mode: 0o755)
        }
        let script =
            "cd release && ln -sf detector lifecycle/creator && tar -czf ../lifecycle.tgz lifecycle.toml lifecycle"
        _ = try await run("/bin/sh", ["-c", script], workingDirectory: folder).succeeded()
        return folder.appending("lifecycle.tgz")
    }

    /// Writes a buildpack of bash scripts, or a composite of `children`.
    func buildpack(
        _ name: String, in parent: String = "parts", version: String = "1.0.0", api: String = "0.12",
        more: String = "", children: [String] = []
    ) throws {
        let place = folder.appending(FilePath(parent).components).appending(name)
        var text =
            "api = \"\(api)\"\n[buildpack]\nid = \"test/\(name)\"\nversion = \"\(version)\"\nname = \"The \(name)\"\n"
        if !children.isEmpty { text += "[[order]]\n" }
        for child in children { text += "[[order.group]]\nid = \"test/\(child)\"\nversion = \"1.0.0\"\n" }
        try place.appending("buildpack.toml").write(text + more)
        guard children.isEmpty else { return }
        try place.appending("bin/detect").write("#!/bin/bash\nexit 0\n", mode: 0o755)
        try place.appending("bin/build").write("#!/bin/bash\nexit 0\n", mode: 0o700)
        try place.appending("lib/data").write("data of \(name)\n", mode: 0o600)
    }

    /// Writes builder.toml.
    func file(_ text: String, in parent: String = "parts", images: String? = nil) throws -> FilePath {
        let file = folder.appending(FilePath(parent).components).appending("builder.toml")
        try file.write(
            text
                + (images
                    ?? "\n[build]\nimage = \"oci:\(self.images):build\"\n[[run.images]]\nimage = \"registry.test/run:1\"\n")
        )
        return file
    }

    /// Makes a builder, whatever comes of it.
    func create(_ arguments: [String]) async throws -> ProgramEnd {
        try await bench.mixpack.run(["builder", "create"] + arguments, workingDirectory: bench.folder)
    }

    /// The labels of an image, by skopeo.
    static func labels(_ place: String) async throws -> [String: String] {
        let end = try await run(try findTool("skopeo"), ["inspect", "--config", "--tls-verify=false", place])
            .succeeded()
        let labels = try JSONValue(parsing: end.output)["config"]?["Labels"]?.object ?? [:]
        return labels.compactMapValues(\.string)
    }
}
