import Glibc
import SystemPackage
import TestSupport
import Testing

/// `mixpack build --platform linux/amd64,linux/arm64`, by the whole program and the machine's own package mirror.
@Suite(.serialized, .enabled(if: OtherProcessor.hasLauncher, "no launcher for the other processor was built"))
struct PlatformsTests {
    private static let both = ["--platform", "linux/amd64,linux/arm64"]
    /// The tests' other builds fetch nothing.
    private static let online: [String: String?] = ["HEX_OFFLINE": nil]

    @Test(
        "hello becomes an index of both in a layout, a registry, an archive and the store: the own image is that of a one-platform build, the other one boots"
    )
    func both() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let own = try await bench.build(project, as: "hello", into: "own")
            let layout = bench.folder.appending("both")
            let end = try await bench.tryBuild(
                project, as: "hello", Self.both + ["--output", "oci:\(layout):hello"], environment: Self.online
            ).succeeded()
            #expect(end.output.contains("for \(OtherProcessor.name) ("), "\(end)")
            let images = try await self.images(of: "oci:\(layout):hello")
            #expect(images.map(\.architecture) == ["amd64", "arm64"])
            let mine = try #require(images.first { $0.architecture != OtherProcessor.name })
            let other = try #require(images.first { $0.architecture == OtherProcessor.name })
            #expect(mine.digest == own.digest)
            #expect(Set(mine.layers).intersection(other.layers).count == mine.layers.count - 3)

            let again = bench.folder.appending("again")
            let offline = try await bench.tryBuild(
                project, as: "hello", Self.both + ["--output", "oci:\(again):hello", "--clear-cache"],
                environment: ["MIXPACK_OFFLINE": "1"]
            ).succeeded()
            #expect(!offline.output.contains("fetching"), "\(offline)")
            #expect(try await self.images(of: "oci:\(again):hello").map(\.digest) == images.map(\.digest))
            let unchanged = try await bench.tryBuild(project, as: "hello", Self.both).succeeded()
            #expect(unchanged.output.contains("nothing changed") && unchanged.output.contains("index"), "\(unchanged)")

            let single = bench.folder.appending("single")
            _ = try await bench.tryBuild(
                project, as: "other", ["--platform", "linux/\(OtherProcessor.name)", "--output", "oci:\(single):other"]
            ).succeeded()
            let alone = try ImageFacts(layout: single, tag: "other")
            #expect(alone.digest == other.digest)
            let bundle = try await ImageBundle(
                layout: single, tag: "other", unpackedTo: bench.folder.appending("bundle"))
            let machines = try await OtherProcessor.machines(below: bundle.root)
            #expect(machines.count > 30 && Set(machines.values) == [OtherProcessor.machine], "\(machines)")
            if let emulator = try await OtherProcessor.emulator(in: bench.folder) {
                try await boot(bundle.root, emulator, in: bench.folder)
                try await trials(of: project, emulator, bench)
            }

            try await places(of: project, bench)

            let inspected = try await bench.mixpack.run(["inspect", "hello"]).succeeded()
            #expect(
                inspected.output.hasPrefix("index sha256:") && inspected.output.contains(other.digest), "\(inspected)")
            let listed = try await bench.mixpack.run(["inspect", "hello", "--json"]).succeeded()
            let document = try JSONValue(parsing: listed.output)
            #expect(document["index"]?["images"]?.array?.compactMap { $0["digest"]?.string } == images.map(\.digest))
            #expect(document["manifestDigest"]?.string == images[0].digest)
            let byDigest = try await bench.mixpack.run(["inspect", "hello@\(other.digest)", "--json"]).succeeded()
            #expect(byDigest.output.contains(other.digest), "\(byDigest)")
            let shown = try await bench.mixpack.run(["inspect", "hello", "--platform", "linux/arm64", "--json"])
            #expect(try shown.succeeded().output.contains(images[1].digest))
            _ = try await bench.mixpack.run(["images", "tag", "hello", "hello:again"]).succeeded()
            let sent = bench.folder.appending("sent")
            _ = try await bench.mixpack.run(["images", "copy", "hello:again", "oci:\(sent):hello"]).succeeded()
            #expect(try await self.images(of: "oci:\(sent):hello").map(\.digest) == images.map(\.digest))

            // What is wrong with the other platform's image is found, and the next build makes it again.
            let blob = FilePath("\(bench.mixpack.images)/blobs/sha256").appending(
                String(other.digest.dropFirst("sha256:".count)))
            try blob.write("broken")
            let verified = try await bench.mixpack.run(["images", "verify", "hello"])
            #expect(verified.status != 0, "\(verified)")
            let mended = try await bench.tryBuild(project, as: "hello", Self.both).succeeded()
            #expect(!mended.output.contains("nothing changed"), "\(mended)")

            try await rebase(layout, images, bench)
        }
    }

    @Test(
        "an umbrella becomes an index of both; the other image boots, signs with its cryptography and answers HTTP",
        .enabled(if: Soak.isOn, "make soak emulates what answers HTTP"))
    func umbrella() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.umbrella)
            let layout = bench.folder.appending("both")
            _ = try await bench.tryBuild(
                project, as: "web", Self.both + ["--release", "web_rel", "--output", "oci:\(layout):web"],
                environment: Self.online
            ).succeeded()
            let images = try await images(of: "oci:\(layout):web")
            #expect(Set(images[0].layers).intersection(images[1].layers).count == images[0].layers.count - 3)
            let body = try await OtherProcessor.answer(
                of: layout, tag: "web", in: bench.folder,
                environment: [
                    "PORT": "\(try TCPSocket.freePort())", "SECRET_KEY_BASE": String(repeating: "k", count: 64),
                ])
            #expect(body?.hasPrefix("visit 1, signed ") ?? true, "\(body ?? "")")
        }
    }

    @Test(
        "a container engine gets the image of its own platform, and starts it",
        .enabled(if: Soak.isOn, "make soak starts both engines"), arguments: TestEngine.Kind.allCases)
    func engine(kind: TestEngine.Kind) async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            try await TestEngine.run(kind) { engine in
                let environment = MixpackProgram.engine(at: engine.host).merging(Self.online) { $1 }
                let end = try await bench.tryBuild(project, as: "hello", Self.both, environment: environment)
                    .succeeded()
                #expect(end.output.contains("hello:latest"), "\(end)")
                let architecture = try await engine.docker("image", "inspect", "--format", "{{.Architecture}}", "hello")
                let own = try #require(["amd64", "arm64"].first { $0 != OtherProcessor.name })
                #expect(try architecture.succeeded().lines == [own])
                let answer = try await engine.docker(
                    "run", "--rm", "--network", "host", "--entrypoint", "launcher", "hello",
                    "--", "\(Workbench.release)/bin/hello", "eval",
                    "IO.puts(:erlang.system_info(:system_architecture))")
                let machine = try await run(try findTool("uname"), ["-m"]).succeeded().lines[0]
                #expect(try answer.succeeded().output.hasPrefix("\(machine)-"), "\(answer)")
                let again = try await bench.tryBuild(project, as: "hello", Self.both, environment: environment)
                    .succeeded()
                #expect(again.output.contains("nothing changed"), "\(again)")
            }
        }
    }

    @Test("native code without a counterpart is refused by name, as is what is not there offline; the image stays")
    func refused() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            let before = try await bench.build(project, as: "mini", into: "before")
            let cold = try await bench.tryBuild(
                project, as: "mini", Self.both, environment: ["MIXPACK_OFFLINE": "1"])
            #expect(cold.status == 62 && cold.errorOutput.contains("build once with the network"), "\(cold)")
            try FilePath("/bin/true").copy(to: project.appending("priv/native.so"))
            let end = try await bench.tryBuild(project, as: "mini", Self.both)
            #expect(end.status == 62, "\(end)")
            for word in ["mini has native code", "priv/native.so", "mixpack index"] {
                #expect(end.errorOutput.contains(word), "\(end)")
            }
            let inspected = try await bench.mixpack.run(["inspect", "mini", "--json"]).succeeded()
            #expect(inspected.output.contains(before.digest))
        }
    }

    @Test(
        "libraries that dependencies fetch are fetched for the other processor, checked by the packages' own lists, and loaded there"
    )
    func libraries() async throws {
        try await Workbench.run { bench in
            let folder = bench.folder.appending("hex")
            // The server is there before what it serves: packages name its address.
            try folder.makeFolders()
            let server = try FileServer(serving: folder)
            let packages = try await PrecompiledPackages(folder: folder, url: server.url).make()
            let mirror = try await HexMirror(in: folder, packages: packages)
            let project = bench.folder.appending("shop")
            try project.appending("mix.exs").write(
                """
                defmodule Shop.MixProject do
                  use Mix.Project
                  def project, do: [app: :shop, version: "0.1.0", deps: [{:fast, "~> 0.1"}, {:quick, "~> 0.2"}]]
                end
                """)
            try project.appending("lib/shop.ex").write("defmodule Shop do\nend\n")
            try project.appending("mix.lock").write(mirror.lock("fast", "quick"))
            let places: [String: String?] = [
                "HEX_MIRROR": server.url, "MIXPACK_BUILDS_URL": server.url, "HEX_OFFLINE": nil,
            ]
            let layout = bench.folder.appending("both")
            let arguments = Self.both + ["--output", "oci:\(layout):shop"]
            let archive = folder.appending("libraries").appending(PrecompiledPackages.archives["quick"] ?? "")
            let good = bench.folder.appending("good")
            try archive.copy(to: good)
            try archive.write("not what the list says")
            let altered = try await bench.tryBuild(project, as: "shop", arguments, environment: places)
            #expect(altered.status == 62 && altered.errorOutput.contains("quick-nif-2.15"), "\(altered)")
            #expect(!layout.isThere && !altered.errorOutput.contains("compiled here"), "\(altered)")
            _ = try await run("/bin/cp", [good.string, archive.string]).succeeded()
            let end = try await bench.tryBuild(project, as: "shop", arguments, environment: places).succeeded()
            for name in PrecompiledPackages.archives.values.sorted() {
                #expect((altered.output + end.output).contains("fetching \(name) from 127.0.0.1"), "\(end)")
            }
            let images = try await images(of: "oci:\(layout):shop")
            let other = try #require(images.first { $0.architecture == OtherProcessor.name })
            let alone = bench.folder.appending("alone")
            let offline = try await bench.tryBuild(
                project, as: "alone",
                ["--platform", "linux/\(OtherProcessor.name)", "--output", "oci:\(alone):shop"],
                environment: ["MIXPACK_OFFLINE": "1"]
            ).succeeded()
            #expect(!offline.output.contains("fetching"), "\(offline)")
            let facts = try ImageFacts(layout: alone, tag: "shop")
            #expect(facts.digest == other.digest)
            let bundle = try await ImageBundle(layout: alone, tag: "shop", unpackedTo: bench.folder.appending("bundle"))
            let machines = try await OtherProcessor.machines(below: bundle.root)
            #expect(machines.keys.contains { $0.hasSuffix("quick_nif.so") }, "\(machines)")
            #expect(Set(machines.values) == [OtherProcessor.machine], "\(machines)")
            guard let emulator = try await OtherProcessor.emulator(in: bench.folder) else { return }
            let script = try OtherProcessor.script(bundle.root, emulator, in: bench.folder)
            let answer = try await run(
                try findTool("unshare"),
                [
                    "-Urm", "/bin/sh", script.string, "\(Workbench.release)/bin/shop", "eval",
                    "IO.puts(Fast.answer() + Quick.answer())",
                ]
            ).succeeded()
            #expect(answer.lines.last == "42", "\(answer)")
        }
    }

    @Test("Erlang's native files come from an image or from the server of builds too; one that does not fit is refused")
    func erlangs() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            let foreign = ["--platform", "linux/\(OtherProcessor.name)"]
            let layout = bench.folder.appending("mirrored")
            _ = try await bench.tryBuild(
                project, as: "mini", foreign + ["--output", "oci:\(layout):mini"], environment: Self.online
            ).succeeded()
            let mirrored = try ImageFacts(layout: layout, tag: "mini")
            let images = try await ErlangImages(in: bench)
            let copy = bench.folder.appending("copy")
            let end = try await bench.tryBuild(
                project, as: "mini",
                foreign + ["--toolchain-from", images.place("good"), "--output", "oci:\(copy):mini"],
                environment: ["MIXPACK_OFFLINE": "1"]
            ).succeeded()
            #expect(end.output.contains("for \(OtherProcessor.name) from \(images.place("good"))"), "\(end)")
            #expect(try ImageFacts(layout: copy, tag: "mini").digest == mirrored.digest)
            for (tag, words) in [("other-code", "ebin/application.beam"), ("own-processor", "for linux/")] {
                let end = try await bench.tryBuild(
                    project, as: "mini", foreign + ["--toolchain-from", images.place(tag)])
                #expect(end.status == 62 && end.errorOutput.contains(words), "\(tag): \(end)")
            }
            let alone = try await bench.tryBuild(project, as: "mini", ["--toolchain-from", images.place("good")])
            #expect(alone.status == 3 && alone.errorOutput.contains("--platform"), "\(alone)")
            let inspected = try await bench.mixpack.run(["inspect", "mini", "--json"]).succeeded()
            #expect(inspected.output.contains(mirrored.digest))
            try await builds(project, images.root, mirrored, bench)
        }
    }

    /// On a machine whose Erlang is from the server of builds.
    private func builds(
        _ project: FilePath, _ root: FilePath, _ mirrored: ImageFacts, _ bench: Workbench
    ) async throws {
        let mirror = try await BuildsMirror(in: bench.folder.appending("builds"))
        let server = try FileServer(serving: mirror.folder)
        let environment: [String: String?] = [
            "PATH": try bareMachinePath(in: bench.folder.appending("tools")), "MIXPACK_BUILDS_URL": server.url,
            "HEX_OFFLINE": nil,
        ]
        let layout = bench.folder.appending("of-builds")
        let arguments = [
            "--platform", "linux/\(OtherProcessor.name)", "--output", "oci:\(layout):mini",
        ]
        let missing = try await bench.tryBuild(project, as: "built", arguments, environment: environment)
        #expect(missing.status == 62 && missing.errorOutput.contains("--toolchain-from"), "\(missing)")
        #expect(missing.errorOutput.contains("no OTP \(mirror.otpVersion) for \(OtherProcessor.name)"), "\(missing)")
        try await mirror.addErlang(root, for: OtherProcessor.name)
        let end = try await bench.tryBuild(project, as: "built", arguments, environment: environment).succeeded()
        let address = "\(server.url)/builds/otp/\(OtherProcessor.name)/"
        #expect(end.output.contains("needs its own OTP") && end.output.contains("from \(address)"), "\(end)")
        // The run image is that of another PATH.
        let built = try ImageFacts(layout: layout, tag: "mini").diffIDs.dropFirst()
        #expect(built == mirrored.diffIDs.dropFirst(), "\(built) \(mirrored.diffIDs)")
        let asked = server.requests.count
        let again = try await bench.tryBuild(
            project, as: "built", arguments + ["--clear-cache"], environment: environment
        ).succeeded()
        #expect(server.requests.count == asked && !again.output.contains("fetching"), "\(again)")
    }

    /// All images of an index are put on their run images, where they are.
    private func rebase(_ layout: FilePath, _ images: [Entry], _ bench: Workbench) async throws {
        for name in ["hello", "oci:\(layout):hello"] {
            let end = try await bench.mixpack.run(["rebase", name], environment: Self.online).succeeded()
            #expect(end.output.contains("\(name) was already on"), "\(end)")
            #expect(end.output.contains("the image for linux/\(OtherProcessor.name)"), "\(end)")
        }
        #expect(try await self.images(of: "oci:\(layout):hello").map(\.digest) == images.map(\.digest))
        let sent = bench.folder.appending("rebased")
        _ = try await bench.mixpack.run(["images", "copy", "hello", "oci:\(sent):hello"]).succeeded()
        #expect(try await self.images(of: "oci:\(sent):hello").map(\.digest) == images.map(\.digest))

        // Of an index with something else in it, as other tools put statements of origin there, nothing may be lost.
        let script = #"""
            set -e
            cd "$1"
            old=$(grep -o 'sha256:[0-9a-f]*' index.json | head -n 1 | cut -d : -f 2)
            sed 's/"platform":{[^}]*}/"platform":{"architecture":"unknown","os":"unknown"}/2' blobs/sha256/$old >new
            cmp -s new blobs/sha256/$old && exit 1
            digest=$(sha256sum new | cut -d ' ' -f 1)
            sed "s/$old/$digest/; s/\"size\":[0-9]*/\"size\":$(stat -c %s new)/" index.json >index.new
            mv new blobs/sha256/$digest
            mv index.new index.json
            """#
        _ = try await run("/bin/sh", ["-c", script, "sh", layout.string]).succeeded()
        let mixed = try await bench.mixpack.run(["rebase", "oci:\(layout):hello"])
        #expect(mixed.status != 0 && mixed.errorOutput.contains("for no platform"), "\(mixed)")
    }

    /// A registry and an archive have the index; layers that both images have are there once.
    private func places(of project: FilePath, _ bench: Workbench) async throws {
        try await RegistryProcess.run(in: bench.folder) { host in
            let archive = bench.folder.appending("both.tar")
            let end = try await bench.tryBuild(
                project, as: "\(host)/team/hello",
                Self.both + ["--publish", "--attest", "--output", "oci-archive:\(archive)"])
            _ = try end.succeeded()
            let place = "docker://\(host)/team/hello:latest"
            let there = try await images(of: place)
            #expect(there.map(\.architecture) == ["amd64", "arm64"], "\(end)")
            try await checkDocuments("\(host)/team/hello", there, end)
            let copied = bench.folder.appending("copied")
            _ = try await run(
                try findTool("skopeo"), ["copy", "--all", "--src-tls-verify=false", place, "oci:\(copied):hello"]
            ).succeeded()
            let held = try await images(of: "oci-archive:\(archive)")
            #expect(Set(held[0].layers).intersection(held[1].layers).count == held[0].layers.count - 3)
            let inspected = try await bench.mixpack.run(["inspect", "oci-archive:\(archive)"]).succeeded()
            #expect(inspected.output.hasPrefix("index sha256:") && inspected.output.contains(held[1].digest))
        }
    }

    /// Beside each image are its bill of materials and its origin, beside the index its origin.
    private func checkDocuments(_ name: String, _ images: [Entry], _ end: ProgramEnd) async throws {
        let statement = "application/vnd.in-toto+json"
        func kinds(_ digest: String) async throws -> [String] {
            let place = "docker://\(name):\(digest.replacing(":", with: "-"))"
            let list = try await run(
                try findTool("skopeo"), ["inspect", "--raw", "--tls-verify=false", place]
            ).succeeded()
            return try JSONValue(parsing: list.output)["manifests"]?.array?.compactMap { $0["artifactType"]?.string }
                ?? []
        }
        for image in images {
            #expect(try await kinds(image.digest) == ["application/vnd.cyclonedx+json", statement], "\(end)")
        }
        let index = try #require(
            end.output.firstMatch(of: /provenance to [^ ]+@(sha256:[0-9a-f]+): .*\n(?!.*attached)/))
        #expect(try await kinds(String(index.1)) == [statement], "\(end)")
        #expect(!images.map(\.digest).contains(String(index.1)))
    }

    /// One image of an index.
    private struct Entry {
        let architecture: String
        let digest: String
        /// The diffIDs.
        let layers: [String]
    }

    /// The images of an index, as skopeo reads them.
    private func images(of place: String) async throws -> [Entry] {
        let skopeo = try findTool("skopeo")
        let raw = try await run(skopeo, ["inspect", "--raw", "--tls-verify=false", place]).succeeded()
        var entries: [Entry] = []
        for manifest in try JSONValue(parsing: raw.output)["manifests"]?.array ?? [] {
            let architecture = manifest["platform"]?["architecture"]?.string ?? ""
            let arguments = ["--override-arch", architecture, "inspect", "--config", "--tls-verify=false", place]
            let config = try JSONValue(parsing: try await run(skopeo, arguments).succeeded().output)
            #expect(config["architecture"]?.string == architecture)
            entries.append(
                Entry(
                    architecture: architecture, digest: manifest["digest"]?.string ?? "",
                    layers: config["rootfs"]?["diff_ids"]?.array?.compactMap(\.string) ?? []))
        }
        return entries
    }

    /// `--try-start` of both: the other one's release is started with the emulator if that is asked for.
    private func trials(of project: FilePath, _ emulator: FilePath, _ bench: Workbench) async throws {
        let other = "linux/\(OtherProcessor.name)"
        let plain = try await bench.tryBuild(project, as: "hello", Self.both + ["--try-start"])
        #expect(plain.status == 1 && plain.description.contains("--try-start=emulated"), "\(plain)")
        #expect(plain.description.contains("the release for \(other)"), "\(plain)")
        let emulated = Self.both + ["--try-start=emulated"]
        let path: [String: String?] = [
            "PATH": "\(emulator.removingLastComponent()):/usr/local/bin:/usr/bin:/bin", "HEX_OFFLINE": nil,
        ]
        let started = try await bench.tryBuild(project, as: "hello", emulated, environment: path).succeeded()
        #expect(started.output.contains("starting the release for \(other)"), "\(started)")
        let repeated = try await bench.tryBuild(project, as: "hello", emulated, environment: path).succeeded()
        #expect(repeated.output.contains("nothing changed"), "\(repeated)")

        // That it runs as the other processor shows where it refuses to.
        let choosy = bench.folder.appending("choosy")
        try project.copy(to: choosy)
        try choosy.appending("config/runtime.exs").write(
            """
            import Config

            if to_string(:erlang.system_info(:system_architecture)) =~ "\(OtherProcessor.processor)" do
              raise "not on this processor"
            end

            """)
        let refused = try await bench.tryBuild(choosy, as: "choosy", emulated, environment: path)
        #expect(refused.status == 62, "\(refused)")
        #expect(refused.description.contains("on the run image for \(other)"), "\(refused)")
        #expect(refused.description.contains("not on this processor"), "\(refused)")
    }

    /// Boots the image's release under an emulator, in namespaces where alone it is registered.
    private func boot(_ root: FilePath, _ emulator: FilePath, in folder: FilePath) async throws {
        let script = try OtherProcessor.script(root, emulator, in: folder)
        let unshare = try findTool("unshare")
        let program = try RunningProgram(unshare, ["-Urm", "/bin/sh", script.string, "/cnb/process/web"])
        do {
            try await eventually("hello is up: \(program.output)", within: .seconds(90)) {
                program.output.contains("hello is up")
            }
            let rpc = ["\(Workbench.release)/bin/hello", "rpc", "IO.puts(:erlang.system_info(:system_architecture))"]
            let answer = try await run(unshare, ["-Urm", "/bin/sh", script.string] + rpc).succeeded()
            #expect(answer.output.hasPrefix(OtherProcessor.processor), "\(answer)")
            // From inside: processes of other namespaces cannot name it. The node may be gone before it can answer.
            let stop = ["\(Workbench.release)/bin/hello", "rpc", "System.shell(\"kill -TERM #{System.pid()}\")"]
            _ = try await run(unshare, ["-Urm", "/bin/sh", script.string] + stop)
            let end = try await program.end(within: .seconds(60))
            #expect(end.status == 0, "\(end)")
        } catch {
            program.sendToGroup(SIGKILL)
            throw error
        }
    }
}
