import Glibc
import SystemPackage
import TestSupport
import Testing

/// Builds with builder images that other tools made, by the whole program.
@Suite(.serialized) struct BuilderUseTests {
    /// What a build sees, each as a line of the layer's file.
    private static let looks = """
        mkdir -p "$1/seen"; printf '[types]\\nlaunch = true\\n' >"$1/seen.toml"
        {
          echo "id $(id -u):$(id -g)"; echo "home $HOME"; echo "path $PATH"; echo "stack $CNB_STACK_ID"
          echo "operator ${OPERATOR:-none}"; echo "unspecified ${UNSPECIFIED:-none}"
          echo "suffixes ${FORCED:-none} ${USUAL:-none} ${OTHER:-none} ${LIST:-none}"
          echo "target $CNB_TARGET_DISTRO_NAME $CNB_TARGET_DISTRO_VERSION"; echo "in $(pwd)"
          echo "shadow $(cat /etc/shadow 2>/dev/null || echo closed)"
          echo "owner $(stat -c %u:%g /etc/shadow) $(stat -c %u:%g /home/cnb)"
          echo "capabilities $(grep CapEff /proc/self/status)"
          echo "time $(stat -c %Y data)"
          echo "machine $(ls -d /usr/bin/env /usr/sbin /opt 2>/dev/null | tr '\\n' ' ')"
          echo "gone $(ls /etc/gone /all 2>/dev/null | tr '\\n' ' ')"
          echo "library $(cat /lib/added)"
          echo "before $(cat /home/cnb/state /tmp/state 2>/dev/null || echo nothing)"
          unshare -U true 2>/dev/null && echo "namespaces" || echo "no namespaces"
        } >"$1/seen/facts"
        echo kept >/home/cnb/state; echo kept >/tmp/state
        printf '[[processes]]\\ntype = "web"\\ncommand = ["cat", "/layers/test_one/seen/facts"]\\ndefault = true\\n' >"$1/launch.toml"
        touch made
        """

    private static let base = """
        echo 1 >etc/gone; mkdir all; echo 1 >all/old; echo 0 >usr/lib/first; ln usr/lib/first usr/lib/second
                printf operated >cnb/build-config/env/OPERATOR
                cd cnb/build-config/env; printf operator >FORCED.override; printf operator >USUAL.default
                printf operator >OTHER.default; printf last >LIST.append; printf first >LIST.prepend; printf , >LIST.delim; cd - >/dev/null
                mknod -m 666 null c 1 3
        """
    private static let second = "rm etc/gone; rm -r all; mkdir all; echo 2 >all/new; ln usr/lib/first usr/lib/added"

    private func project(_ bench: Workbench) throws -> FilePath {
        let project = bench.folder.appending("project")
        try project.appending("data").write("x")
        return project
    }

    private func facts(_ text: String) -> [String: String] {
        Dictionary(
            text.split(separator: "\n").map { line in
                let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1] : "")
            }, uniquingKeysWith: { $1 })
    }

    @Test("a builder's buildpacks run in its root, as its user, and the image is an ordinary one that runs")
    func builds() async throws {
        try await Workbench.run { bench in
            let images = BuilderImages(
                folder: bench.folder, base: Self.base, second: Self.second, detect: "test ! -e made", build: Self.looks)
            try await images.make()
            let project = try project(bench)
            func build(_ name: String) async throws -> ProgramEnd {
                try await bench.tryBuild(
                    project, as: name,
                    [
                        "--builder", images.builder, "--run-image", images.run, "--output",
                        "oci:\(bench.folder)/out:\(name)", "-e", "FORCED=user", "-e", "USUAL=user",
                    ]
                ).succeeded()
            }
            let first = try await build("one")
            #expect(first.output.contains("builder \(images.builder) (sha256:"), "\(first)")
            let again = try await build("two")
            let (one, two) = try (
                ImageFacts(layout: bench.folder.appending("out"), tag: "one"),
                ImageFacts(layout: bench.folder.appending("out"), tag: "two")
            )
            #expect(one.diffIDs == two.diffIDs, "what one build changes in the root, the next does not see: \(again)")
            #expect(try await one.problems() == [])
            let bundle = try await ImageBundle(
                layout: one.layout, tag: "one", unpackedTo: bench.folder.appending("bundle"))
            let facts = facts(try bundle.root.appending("layers/test_one/seen/facts").readText())
            #expect(facts["id"] == "1234:1235" && facts["home"] == "/home/cnb", "\(facts)")
            #expect(facts["path"] == "/own/bin:/bin" && facts["stack"] == "test.stack", "\(facts)")
            #expect(facts["suffixes"] == "operator user operator first,last", "\(facts)")
            #expect(facts["operator"] == "operated" && facts["unspecified"] == "none", "\(facts)")
            #expect(facts["target"] == "test 1" && facts["in"] == "/workspace", "\(facts)")
            #expect(facts["shadow"] == "closed" && facts["owner"] == "0:0 1234:1235", "\(facts)")
            #expect(facts["capabilities"] == "CapEff:\t0000000000000000" && facts["no"] == "namespaces", "\(facts)")
            #expect(facts["time"] == "315532801" && facts["machine"]?.isEmpty == true, "\(facts)")
            #expect(facts["gone"] == "/all: new " || facts["gone"] == "new ", "\(facts)")
            #expect(facts["library"] == "0" && facts["before"] == "nothing", "\(facts)")
            for place in ["layers/test_one/seen/facts", "workspace/data", "workspace/made"] {
                var status = stat()
                #expect(stat(bundle.root.appending(place).string, &status) == 0, "\(place)")
                #expect(status.st_uid == 1234 && status.st_gid == 1235, "\(place)")
            }
            let label = try JSONValue(parsing: one.labels["io.buildpacks.lifecycle.metadata"]?.string ?? "{}")
            #expect(label["buildpacks"]?.array?.first?["key"]?.string == "test/one")
            let container = try bundle.start(name: "mixpack-builder-\(getpid())")
            let end = try await container.program.end(within: .seconds(30))
            #expect(end.output.contains("id 1234:1235"), "\(end)")
            let kept = try bench.mixpack.cache.names().filter { $0.hasPrefix("project-") }
            let cache = bench.mixpack.cache.appending(kept.first ?? "")
            #expect(!cache.appending("room").isThere)
        }
    }

    @Test("a builder's root that something else has changed since is unpacked again: the image is the same")
    func damagedRoot() async throws {
        try await Workbench.run { bench in
            let images = BuilderImages(folder: bench.folder, base: Self.base, second: Self.second, build: Self.looks)
            try await images.make()
            let project = try project(bench)
            let damage = "something else has changed "
            func build(_ name: String, says word: Bool = false) async throws -> ImageFacts {
                let output = "oci:\(bench.folder)/out:\(name)"
                let words = ["--builder", images.builder, "--run-image", images.run, "--output", output]
                let end = try await bench.tryBuild(project, as: name, words).succeeded()
                #expect(end.output.contains(damage) == word, "\(end)")
                return try ImageFacts(layout: bench.folder.appending("out"), tag: name)
            }
            let one = try await build("one")
            let roots = bench.mixpack.cache.appending("builders")
            let root = roots.appending(try roots.names().first ?? "").appending("root")
            let library = root.appending("usr/lib/added")
            let whole = try library.readBytes()
            func number() -> ino_t {
                var status = stat()
                return stat(root.string, &status) == 0 ? status.st_ino : 0
            }
            let first = number()
            _ = try await build("again")
            #expect(number() == first, "a build changes nothing in it")
            try Corruption.flip(library)
            #expect(try library.readBytes() != whole)
            #expect(try await build("two", says: true).diffIDs == one.diffIDs)
            #expect(try library.readBytes() == whole)
        }
    }

    @Test(
        "a root of musl: its programs build, and what they make runs; mixpack's own buildpacks say what they lack there"
    )
    func musl() async throws {
        _ = try findTool("musl-gcc", package: "musl-tools")
        try await Workbench.run { bench in
            var images = BuilderImages(folder: bench.folder)
            images.runBase = "mkdir -p usr/lib; ln -s usr/lib lib; cp -L /lib/ld-musl-* lib"
            // The buildpack itself is a program of musl.
            images.base = "musl-gcc -o cnb/buildpacks/test_one/1.0.0/bin/build \"$2/build.c\""
            try bench.folder.appending("sources/build.c").write(
                #"""
                #include <stdio.h>
                #include <stdlib.h>
                #include <string.h>
                int main(int count, char **words) {
                    if (count == 2 && !strcmp(words[1], "greet")) return puts("musl says hello") < 0;
                    setenv("LAYERS", words[1], 1);
                    return system(
                        "mkdir $LAYERS/out && busybox cp $CNB_BUILDPACK_DIR/bin/build $LAYERS/out/greet &&"
                        "printf '[types]\nlaunch = true\n' >$LAYERS/out.toml &&"
                        "printf '[[processes]]\ntype = \"web\"\ncommand = [\"%s/out/greet\", \"greet\"]\ndefault = true\n'"
                        " $LAYERS >$LAYERS/launch.toml") != 0;
                }
                """#)
            try await images.make()
            let project = try project(bench)
            let output = "oci:\(bench.folder)/out:one"
            let words = ["--builder", images.builder, "--run-image", images.run, "--output", output]
            _ = try await bench.tryBuild(project, as: "one", words).succeeded()
            let bundle = try await ImageBundle(
                layout: bench.folder.appending("out"), tag: "one", unpackedTo: bench.folder.appending("bundle"))
            let container = try bundle.start(name: "mixpack-musl-\(getpid())")
            let end = try await container.program.end(within: .seconds(30))
            #expect(end.output.contains("musl says hello"), "\(end)")
            let own = try await bench.tryBuild(project, as: "two", words + ["-b", "from=mixpack"])
            #expect(own.status != 0 && own.errorOutput.contains("whose files lack /lib"), "\(own)")
            #expect(own.errorOutput.contains("a builder with glibc and OpenSSL"), "\(own)")
        }
    }

    @Test("an ordinary user's builds run as the builder's user too, in folders that only that user may open")
    func ordinaryUser() async throws {
        try await Workbench.run { bench in
            let images = BuilderImages(
                folder: bench.folder, base: Self.base, second: Self.second, build: Self.looks)
            try await images.make()
            let project = try project(bench)
            _ = try await run("/bin/chown", ["-R", "65534:65534", bench.folder.string]).succeeded()
            let setpriv = try findTool("setpriv", package: "util-linux").string
            let end = try await run(
                FilePath(setpriv),
                [
                    "--reuid", "65534", "--regid", "65534", "--clear-groups", bench.mixpack.executable.string, "build",
                    "one", "--path", project.string, "--builder", images.builder, "--run-image", images.run, "--output",
                    "oci:\(bench.folder)/out:one",
                ], environment: bench.mixpack.environment
            ).succeeded()
            let one = try ImageFacts(layout: bench.folder.appending("out"), tag: "one")
            let bundle = try await ImageBundle(
                layout: one.layout, tag: "one", unpackedTo: bench.folder.appending("bundle"))
            let facts = facts(try bundle.root.appending("layers/test_one/seen/facts").readText())
            #expect(facts["id"] == "1234:1235" && facts["home"] == "/home/cnb", "\(facts) \(end)")
            #expect(facts["capabilities"] == "CapEff:\t0000000000000000" && facts["no"] == "namespaces", "\(facts)")
            #expect(facts["before"] == "nothing" && facts["machine"]?.isEmpty == true, "\(facts)")
        }
    }

    @Test(
        "what is wrong with a builder ends with a code and a word that help, and leaves no image and no half-made root",
        arguments: [
            ("label", 32, "is not a builder: it has no label"), ("architecture", 32, "is for linux/"),
            ("user", 32, "has no CNB_USER_ID"), ("order", 22, "no buildpack test/absent"),
            ("corrupted", 32, "sha256:"), ("absent", 32, "localhost:1/builder"), ("run", 32, "localhost:1/run"),
            ("toml", 32, "order.toml:1"), ("FROM scratch\\nRUN true", 22, "test/extends@1.0.0"),
            ("FROM a\\nFROM b", 92, "has a second FROM (line 2)"), ("FROM localhost:1/other", 32, "localhost:1/other"),
            ("exit 3", 91, "bin/generate ended with status 3"),
        ])
    func wrong(what: String, code: Int32, word: String) async throws {
        try await Workbench.run { bench in
            var images = BuilderImages(folder: bench.folder)
            var builder = images.builder
            switch what {
            case "label": images.isBuilder = false
            case "architecture": images.configuration = ["--architecture", "riscv64"]
            case "user": images.configuration = ["--config.env", "CNB_USER_ID="]
            case "order": images.second = "sed -i s,test/one,test/absent, cnb/order.toml"
            case "toml": images.second = "echo '[' >cnb/order.toml"
            case let what where what.hasPrefix("FROM"):
                images.second = Self.extending("printf '\(what)' >\"$1/run.Dockerfile\"")
            case "exit 3": images.second = Self.extending(what)
            case "absent": builder = "localhost:1/builder"
            default: break
            }
            try await images.make()
            if what == "corrupted" {
                let facts = try ImageFacts(layout: images.layout, tag: "builder")
                let layer = try #require(try facts.layers().last)
                let script = "chmod u+w \"$1\"; printf x | dd of=\"$1\" bs=1 seek=20 conv=notrunc 2>/dev/null"
                _ = try await run("/bin/sh", ["-c", script, "sh", layer.string]).succeeded()
            }
            let runImage = what == "run" ? [] : ["--run-image", images.run]
            let end = try await bench.tryBuild(try project(bench), as: "x", ["--builder", builder] + runImage)
            #expect(end.status == code, "\(end)")
            #expect((end.output + end.errorOutput).contains(word), "\(end)")
            let roots = (try? bench.mixpack.cache.appending("builders").names()) ?? []
            #expect(!roots.contains { $0.hasPrefix("unfinished-") }, "\(roots)")
            if ["corrupted", "label", "architecture", "absent"].contains(what) { #expect(roots.isEmpty) }
        }
    }

    @Test(
        "a builder whose root does not fit on the disk is refused; nothing of it stays, and the image from before does")
    func fullDisk() async throws {
        try await Workbench.run { bench in
            var images = BuilderImages(
                folder: bench.folder, base: Self.base, second: Self.second, detect: "true", build: Self.looks)
            try await images.make()
            let project = try project(bench)
            func build(_ cache: FilePath) async throws -> ProgramEnd {
                try await bench.tryBuild(
                    project, as: "x", ["--builder", images.builder, "--run-image", images.run],
                    environment: ["XDG_CACHE_HOME": cache.string])
            }
            _ = try await build(bench.folder.appending("large")).succeeded()
            let before = try await bench.mixpack.run(["inspect", "x", "--json"]).succeeded().output
            // Zeros that a layer hardly has a size for.
            images = BuilderImages(
                folder: bench.folder.appending("again"),
                base: "dd if=/dev/zero of=etc/zeros bs=1M count=64 2>/dev/null",
                detect: "true", build: Self.looks)
            try images.folder.makeFolder()
            try await images.make()
            try await withSmallDisk(kilobytes: 32_000) { disk in
                let end = try await build(disk)
                #expect(end.status == 32 && end.errorOutput.contains("o space left on device"), "\(end)")
                let roots = (try? disk.appending("mixpack/builders").names()) ?? []
                #expect(roots.isEmpty, "\(roots)")
            }
            #expect(try await bench.mixpack.run(["inspect", "x", "--json"]).succeeded().output == before)
        }
    }

    /// Adds an image extension to a builder, for its second layer.
    private static func extending(_ generate: String) -> String {
        """
        mkdir -p cnb/extensions/test_extends/1.0.0/bin
        cd cnb/extensions/test_extends/1.0.0
        printf 'api = "0.10"\\n[extension]\\nid = "test/extends"\\nversion = "1.0.0"\\n' >extension.toml
        printf '#!/bin/sh\\nprintf "[[provides]]\\nname = \\"run\\"\\n[[requires]]\\nname = \\"run\\"\\n" >"$2"\\n' >bin/detect
        cat >bin/generate <<'SCRIPT'
        #!/bin/sh -eu
        \(generate)
        SCRIPT
        chmod 755 bin/detect bin/generate
        printf '[[order-extensions]]\\n[[order-extensions.group]]\\nid = "test/extends"\\n' >>../../../order.toml
        """
    }

    @Test("D6, M1: an image extension runs first, and the run image that it names is taken, by the builder's mirrors")
    func extensions() async throws {
        try await Workbench.run { bench in
            try await RegistryProcess.run(in: bench.folder) { host in
                let generate = """
                    test "$CNB_OUTPUT_DIR" = "$1"; test -z "${CNB_BUILDPACK_DIR:-}"; test -x "$CNB_EXTENSION_DIR/bin/generate"
                    cat "$3" >&2; test "$CNB_TARGET_DISTRO_NAME" = test
                    printf 'ARG base_image\\nARG tag=2\\n# the run image\\nFROM --platform=linux "far.example/run:$tag"\\n' \
                      >"$1/run.Dockerfile"
                    """
                let images = BuilderImages(
                    folder: bench.folder, second: Self.extending(generate), build: Self.looks,
                    images: """
                        [{"image":"far.example/run:1"},{"image":"far.example/run:2","mirrors":["near.example/run:2"]}]
                        """)
                try await images.make()
                let script = """
                    umoci config --image "$1:run" --tag other --config.label chosen=yes \
                      --config.label io.buildpacks.base.distro.name=other
                    skopeo copy --dest-tls-verify=false "oci:$1:run" "docker://$2/run:1"
                    skopeo copy --dest-tls-verify=false "oci:$1:other" "docker://$2/run:2"
                    """
                _ = try await run("/bin/sh", ["-euc", script, "sh", images.layout.string, host]).succeeded()
                try bench.mixpack.settings.appending("config.toml").write(
                    "[registries]\n\"near.example\" = \"\(host)\"\n\"far.example\" = \"\(host)\"\n")
                let end = try await bench.tryBuild(
                    try project(bench), as: "near.example/app",
                    ["--builder", images.builder, "--output", "oci:\(bench.folder)/out:one"]
                ).succeeded()
                let one = try ImageFacts(layout: bench.folder.appending("out"), tag: "one")
                #expect(one.labels["chosen"]?.string == "yes", "\(end)")
                #expect(end.output.contains("test/extends@1.0.0 names the run image far.example/run:2"), "\(end)")
                let label = try JSONValue(parsing: one.labels["io.buildpacks.lifecycle.metadata"]?.string ?? "{}")
                #expect(label["runImage"]?["image"]?.string == "far.example/run:2", "\(label)")
                #expect(label["buildpacks"]?.array?.compactMap { $0["key"]?.string } == ["test/one"], "\(label)")
                let built = try JSONValue(parsing: one.labels["io.buildpacks.build.metadata"]?.string ?? "{}")
                #expect(built["extensions"]?.array?.first?["id"]?.string == "test/extends", "\(built)")
                let bundle = try await ImageBundle(
                    layout: one.layout, tag: "one", unpackedTo: bench.folder.appending("bundle"))
                let facts = facts(try bundle.root.appending("layers/test_one/seen/facts").readText())
                #expect(facts["target"] == "other 1", "the target is that of the chosen image: \(facts)")
            }
        }
    }

    @Test(
        "what a registry's name has for credentials never goes to the address that config.toml gives; the address's own do"
    )
    func credentials() async throws {
        try await Workbench.run { bench in
            let own = "Basic b3duOnNlY29uZC1zZWNyZXQ="
            let server = try FileServer(serving: bench.folder.appending("served"), authorization: own)
            let host = "127.0.0.1:\(server.port)"
            let docker = bench.folder.appending("docker")
            func give(_ auths: String) throws {
                try docker.appending("config.json").write("{\"auths\":{\(auths)}}", mode: 0o600)
            }
            try bench.mixpack.settings.appending("config.toml").write("[registries]\n\"near.example\" = \"\(host)\"\n")
            func build() async throws -> ProgramEnd {
                try await bench.mixpack.run(
                    ["build", "app", "--path", try project(bench).string, "--builder", "near.example/builder"],
                    environment: ["DOCKER_CONFIG": docker.string])
            }
            let first = "\"near.example\":{\"auth\":\"Zmlyc3Q6Zmlyc3Qtc2VjcmV0\"}"
            try give(first)
            let refused = try await build()
            #expect(
                refused.status == 32 && server.authorizationsSeen.isEmpty, "\(refused) \(server.authorizationsSeen)")
            try give(first + ",\"\(host)\":{\"auth\":\"b3duOnNlY29uZC1zZWNyZXQ=\"}")
            _ = try await build()
            #expect(!server.requests.isEmpty && Set(server.authorizationsSeen) == [own], "\(server.authorizationsSeen)")
        }
    }

    @Test(
        "a builder and the nearest of its run images come from a registry that has another address; labels keep names")
    func registry() async throws {
        try await Workbench.run { bench in
            try await RegistryProcess.run(in: bench.folder) { host in
                let images = BuilderImages(
                    folder: bench.folder, build: Self.looks,
                    images: #"[{"image":"far.example/run:1","mirrors":["near.example/team/run:1"]}]"#)
                try await images.make()
                for name in ["builder", "run"] {
                    _ = try await run(
                        try findTool("skopeo"),
                        // With Docker's own media types.
                        [
                            "copy", "--format", "v2s2", "--dest-tls-verify=false", "oci:\(images.layout):\(name)",
                            "docker://\(host)/team/\(name):1",
                        ]
                    ).succeeded()
                }
                try bench.mixpack.settings.appending("config.toml").write(
                    "[registries]\n\"near.example\" = \"\(host)\"\n")
                let end = try await bench.mixpack.run([
                    "build", "near.example/team/app:1", "--path", try project(bench).string, "--builder",
                    "near.example/team/builder:1", "--publish",
                ]).succeeded()
                #expect(end.output.contains("near.example/team/builder:1"), "\(end)")
                let inspected = try await run(
                    try findTool("skopeo"),
                    ["inspect", "--config", "--tls-verify=false", "docker://\(host)/team/app:1"]
                ).succeeded()
                let labels = try JSONValue(parsing: inspected.output)["config"]?["Labels"]
                let label = try JSONValue(parsing: labels?["io.buildpacks.lifecycle.metadata"]?.string ?? "{}")
                #expect(label["runImage"]?["image"]?.string == "far.example/run:1", "\(label)")
                #expect(label["runImage"]?["mirrors"]?.array?.first?.string == "near.example/team/run:1")
                #expect(label["runImage"]?["reference"]?.string?.hasPrefix("near.example/team/run@sha256:") == true)
            }
        }
    }
}
