import SystemPackage
import TestSupport
import Testing

/// `mixpack rebase` on images that stand in the store, by the whole program.
@Suite(.serialized) struct RebaseTests {
    /// A built image on a small run image of its own, whose process prints a file of the run image.
    private func build(
        _ bench: Workbench, _ script: String = "true"
    ) async throws -> (image: ImageFacts, runImage: String) {
        let layout = try await TinyImage.layout(in: bench.folder)
        let runImage = "oci:\(layout):tiny"
        let buildpack = try bench.launchBuildpack(command: #"["/bin/sh", "-c", "cat /etc/base"]"#)
        let project = bench.folder.appending("project")
        try project.appending("file").write("x")
        try await change(bench, "echo first > fs/etc/base; " + script)
        let image = try await bench.build(
            project, as: "x", ["-b", buildpack.string, "--run-image", runImage], into: "first")
        return (image, runImage)
    }

    /// Changes the run image, under the name that it has.
    private func change(_ bench: Workbench, _ script: String) async throws {
        let whole = """
            set -e
            mkdir -p fs/etc
            \(script)
            rm -rf again
            umoci unpack --image lay:tiny again
            cp -a fs/. again/rootfs/
            umoci repack --image lay:tiny again
            """
        _ = try await run("/bin/sh", ["-c", whole], workingDirectory: bench.folder).succeeded()
    }

    private func rebased(_ bench: Workbench, _ arguments: [String] = []) async throws -> (ProgramEnd, ImageFacts) {
        let layout = bench.folder.appending("rebased")
        let end = try await bench.mixpack.run(["rebase", "x", "--output", "oci:\(layout):x"] + arguments)
        return (try end.succeeded(), try ImageFacts(layout: layout, tag: "x"))
    }

    @Test("K1, K6: an image is put on the new state of its run image: the same layers, and it runs on the new one")
    func newer() async throws {
        try await Workbench.run { bench in
            let (before, runImage) = try await build(bench)
            let unnamed = try await bench.mixpack.run(["rebase", "x"])
            #expect(unnamed.status == 72 && unnamed.errorOutput.contains("was a file"), "\(unnamed)")
            #expect(unnamed.errorOutput.contains("--run-image") && !unnamed.errorOutput.contains(runImage))
            let (same, _) = try await rebased(bench, ["--run-image", runImage])
            #expect(same.output.contains("was already on \(runImage)"), "\(same)")
            try await change(bench, "echo second > fs/etc/base")
            let (end, after) = try await rebased(bench, ["--run-image", runImage])
            #expect(end.output.contains("is now on \(runImage)"), "\(end)")
            #expect(Array(after.diffIDs.suffix(5)) == Array(before.diffIDs.suffix(5)))
            #expect(after.diffIDs.first != before.diffIDs.first || after.diffIDs.count != before.diffIDs.count)
            let label = try JSONValue(parsing: after.labels["io.buildpacks.lifecycle.metadata"]?.string ?? "")
            let top = label["runImage"]?["topLayer"]?.string
            #expect(top == after.diffIDs.dropLast(5).last)
            #expect(try await after.problems() == [])
            let bundle = try await ImageBundle(
                layout: after.layout, tag: "x", unpackedTo: bench.folder.appending("bundle"))
            let container = try bundle.start(name: "rebased-\(after.digest.suffix(10))")
            let printed = try await container.program.end(within: .seconds(60))
            await container.remove()
            #expect(printed.output == "second\n", "\(printed)")
            let inspected = try await bench.mixpack.run(["inspect", "x", "--json"]).succeeded()
            #expect(inspected.output.contains(after.digest))
        }
    }

    @Test(
        "a layout and archives are rebased where they are, and the run image's packages that changed are named",
        arguments: ["oci:lay-of-x:x", "oci-archive:x.tar", "docker-archive:x.tar"])
    func inPlace(place: String) async throws {
        try await Workbench.run { bench in
            let dpkg = "mkdir -p fs/var/lib/dpkg/status.d; printf 'Package: tool\\nVersion: %s\\n' "
            let status = " >fs/var/lib/dpkg/status.d/tool"
            let (before, runImage) = try await build(bench, dpkg + "1" + status)
            let skopeo = try findTool("skopeo")
            func copy(_ from: String, _ to: String) async throws {
                _ = try await run(skopeo, ["copy", "-q", from, to], workingDirectory: bench.folder).succeeded()
            }
            try await copy("oci:\(before.layout):x", place.hasPrefix("docker") ? place + ":x:latest" : place)
            try await change(bench, "echo second >fs/etc/base; " + dpkg + "2" + status)
            let parts = place.split(separator: ":", maxSplits: 1)
            let there = "\(parts[0]):\(bench.folder)/\(parts[1])"
            let end = try await bench.mixpack.run(["rebase", there, "--run-image", runImage]).succeeded()
            #expect(end.output.contains("is now on \(runImage)"), "\(end)")
            #expect(end.output.contains("packages of the run image that changed:\n  tool 1 -> 2"), "\(end)")
            try await copy(place, "oci:after:x")
            let after = try ImageFacts(layout: bench.folder.appending("after"), tag: "x")
            #expect(Array(after.diffIDs.suffix(5)) == Array(before.diffIDs.suffix(5)))
            let bundle = try await ImageBundle(
                layout: after.layout, tag: "x", unpackedTo: bench.folder.appending("bundle"))
            #expect(try bundle.root.appending("etc/base").readText() == "second\n")
            // One that cannot be rebased stays as it is.
            let name = parts[1].prefix { $0 != ":" }
            let hash = ["-c", "find \(name)* -type f | sort | xargs cat | sha256sum"]
            let stamp = try await run("/bin/sh", hash, workingDirectory: bench.folder)
            let refused = try await bench.mixpack.run(["rebase", there, "--run-image", "oci:\(bench.folder)/none:x"])
            #expect(refused.status == 72, "\(refused)")
            let again = try await run("/bin/sh", hash, workingDirectory: bench.folder)
            #expect(stamp.output == again.output)
        }
    }

    @Test("K3, K4: what does not fit is exit code 72 and changes nothing; --force overrules it, with a warning")
    func force() async throws {
        try await Workbench.run { bench in
            let (before, runImage) = try await build(bench)
            _ = try await run(
                "/bin/sh",
                ["-c", "umoci config --image lay:tiny --architecture arm64 && umoci tag --image lay:tiny other"],
                workingDirectory: bench.folder
            ).succeeded()
            let other = runImage.replacing(":tiny", with: ":other")
            for (place, word) in [(runImage, "linux/arm64"), (other, "is not found in")] {
                let end = try await bench.mixpack.run(["rebase", "x", "--run-image", place])
                #expect(end.status == 72, "\(end)")
                #expect(end.errorOutput.contains(word) && end.errorOutput.contains("--force"), "\(end)")
            }
            let inspected = try await bench.mixpack.run(["inspect", "x", "--json"]).succeeded()
            #expect(inspected.output.contains(before.digest))
            let (forced, after) = try await rebased(bench, ["--run-image", other, "--force"])
            #expect(forced.output.contains("warning: "))
            #expect(after.configuration["architecture"]?.string == "arm64")
            let label = try JSONValue(parsing: after.labels["io.buildpacks.lifecycle.metadata"]?.string ?? "")
            #expect(label["runImage"]?["image"]?.string == "mixpack.invalid/file/lay:other")
        }
    }

    @Test("an image that is not there is exit code 72, a run image that is no place 3")
    func missing() async throws {
        try await Workbench.run { bench in
            let absent = try await bench.mixpack.run(["rebase", "no-such-image"])
            #expect(absent.status == 72, "\(absent)")
            #expect(absent.errorOutput.contains("no-such-image"))
            for (option, value) in [("--run-image", "No Where"), ("--output", "nowhere:x")] {
                let end = try await bench.mixpack.run(["rebase", "x", option, value])
                #expect(end.status == 3, "\(end)")
                #expect(end.errorOutput.contains(value))
            }
        }
    }

    @Test("E2: an image of an older platform is read: processes, run image, and what it may be rebased to")
    func olderPlatform() async throws {
        try await Workbench.run { bench in
            let layout = try await TinyImage.layout(in: bench.folder)
            let metadata =
                #"{"app":{"sha":"sha256:00"},"buildpacks":[{"key":"a","version":"1","layers":{}}],"#
                + #""stack":{"runImage":{"image":"example.com/run"}}}"#
            let build = #"{"processes":[{"type":"web","command":"run it","args":["x"],"direct":false}]}"#
            let labels = [
                "io.buildpacks.lifecycle.metadata": metadata, "io.buildpacks.build.metadata": build,
                "io.buildpacks.rebasable": "false",
            ]
            _ = try await run(
                try findTool("umoci"),
                ["config", "--image", "\(layout):tiny"]
                    + labels.flatMap { ["--config.label", "\($0.key)=\($0.value)"] }
            ).succeeded()
            let shown = try await bench.mixpack.run(["inspect", "oci:\(layout):tiny"]).succeeded().output
            for text in ["run it x", "run image    example.com/run", "rebase       not allowed"] {
                #expect(shown.contains(text), "\(shown)")
            }
        }
    }
}
