import FoundationEssentials
import SystemPackage
import TestSupport

/// Builder and run images that other tools put together: a root of busybox's programs, umoci, and buildpacks of shell scripts.
///
/// Needs root, as umoci does for files of several owners.
struct BuilderImages {
    let folder: FilePath
    /// The user and group of the builds, and of what they make.
    var user = 1234
    var group = 1235
    /// More lines of the script that fills the run image, in the folder of its root; the builder begins with that.
    var runBase = ""
    /// More lines of the script that fills the builder's first layer, in the folder of the root.
    var base = ""
    /// The script that makes the second layer, in the folder of the root.
    var second = "true"
    /// The scripts of the one buildpack, `test/one@1.0.0`.
    var detect = ""
    var build = ""
    /// The names of the run images of the metadata, as JSON.
    var images = #"[{"image":"localhost:1/run"}]"#
    /// More arguments of `umoci config`.
    var configuration: [String] = []
    /// Whether the label of the metadata is written.
    var isBuilder = true

    /// The layout of both images.
    var layout: FilePath { folder.appending("builders") }
    var builder: String { "oci:\(layout):builder" }
    var run: String { "oci:\(layout):run" }

    /// Makes both.
    func make() async throws {
        let metadata =
            #"{"images":\#(images),"lifecycle":{"version":"0.20.0","apis":{"buildpack":{"supported":["0.10"]}}}}"#
        var configuration = [
            "--config.env", "CNB_USER_ID=\(user)", "--config.env", "CNB_GROUP_ID=\(group)", "--config.env",
            "CNB_STACK_ID=test.stack", "--config.env", "PATH=/own/bin:/bin", "--config.env", "UNSPECIFIED=1",
            "--config.user", "\(user):\(group)",
        ]
        if isBuilder { configuration += ["--config.label", "io.buildpacks.builder.metadata=\(metadata)"] }
        let script = """
            set -e
            umoci init --layout "$1"
            umoci new --image "$1:run"
            umoci unpack --image "$1:run" run
            (cd run/rootfs; mkdir -p bin etc tmp; cp /bin/busybox bin; for name in sh ls cat; do ln -s busybox bin/$name; done
             echo 'ID=test' >etc/os-release
             \(runBase))
            umoci repack --image "$1:run" run
            umoci config --image "$1:run" --config.user 1500:1500 --config.env PATH=/bin --architecture \(Self.architecture) \\
              --config.label io.buildpacks.base.distro.name=test --config.label io.buildpacks.base.distro.version=1
            umoci tag --image "$1:run" builder
            umoci unpack --image "$1:builder" builder
            (cd builder/rootfs
             for name in \(Self.programs); do ln -sf busybox bin/$name; done
             printf 'root:x:0:0::/root:/bin/sh\\ncnb:x:\(user):\(group)::/home/cnb:/bin/sh\\n' >etc/passwd
             mkdir -p root home/cnb usr/lib own/bin cnb/buildpacks/test_one/1.0.0/bin cnb/build-config/env
             ln -s usr/lib lib
             chown -R \(user):\(group) home/cnb; chmod 700 root
             echo hidden >etc/shadow; chmod 600 etc/shadow
             printf '[[order]]\\n[[order.group]]\\nid = "test/one"\\nversion = "1.0.0"\\n' >cnb/order.toml
             cp "$2/buildpack.toml" cnb/buildpacks/test_one/1.0.0; cp "$2/detect" "$2/build" cnb/buildpacks/test_one/1.0.0/bin
             \(base))
            umoci repack --refresh-bundle --image "$1:builder" builder
            (cd builder/rootfs; \(second))
            umoci repack --image "$1:builder" builder
            image=$1; shift 2
            umoci config --image "$image:builder" "$@"
            rm -r run builder
            """
        let sources = folder.appending("sources")
        try sources.appending("buildpack.toml").write(
            "api = \"0.10\"\n[buildpack]\nid = \"test/one\"\nversion = \"1.0.0\"\n")
        try sources.appending("detect").write("#!/bin/sh -eu\n\(detect)\n", mode: 0o755)
        try sources.appending("build").write("#!/bin/sh -eu\n\(build)\n", mode: 0o755)
        _ = try await TestSupport.run(
            "/bin/sh", ["-c", script, "sh", layout.string, sources.string] + configuration + self.configuration,
            workingDirectory: folder
        ).succeeded()
    }

    private static let programs = "id stat touch mkdir env pwd grep date mount wget chown readlink rm unshare"
    #if arch(arm64)
        static let architecture = "arm64"
    #else
        static let architecture = "amd64"
    #endif
}
