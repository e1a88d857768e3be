import BuildpackAPI
import Glibc
import OCIImage
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("External buildpacks that misbehave")
struct BadBuildpackTests {
    private func build(_ bench: TestBench, _ given: [ScriptedBuildpack]) async throws -> [LifecycleEvent] {
        try await bench.build([]) { $0.buildpacks = given.map { .folder($0.folder) } }
    }

    @Test(
        "H2, I4, A14: what bin/build leaves that is not as specified is exit code 52, and no image is made",
        arguments: [
            ("echo x > $1/l; printf '[types]\\nlaunch = true\\n' > $1/l.toml", "the layer l is a file"),
            ("ln -s /etc $1/l; printf '[types]\\nlaunch = true\\n' > $1/l.toml", "the layer l is a link"),
            ("mkfifo $1/l; printf '[types]\\nlaunch = true\\n' > $1/l.toml", "the layer l is a file"),
            ("touch $1/...toml", "a layer cannot be called \"..\""),
            ("touch $1/.toml", "a layer cannot be called \"\""),
            ("touch $1/..toml", "a layer cannot be called \".\""), ("echo '[' > $1/l.toml", "l.toml:1:"),
            ("echo 'types = 1' > $1/l.toml", "l.toml:1:"), ("echo 'x = ' > $1/launch.toml", "launch.toml:1:"),
            ("echo '\"' > $1/build.toml", "build.toml:1:"), ("echo 'a = 1\na = 2' > $1/store.toml", "store.toml:2:"),
            ("mkfifo $1/launch.toml", "launch.toml is not a file"), ("mkdir $1/store.toml", "store.toml is not a file"),
            ("ln -s /etc/shadow $1/launch.toml", "launch.toml is a link, and mixpack does not follow it"),
            ("truncate -s 17M $1/launch.toml", "launch.toml is bigger than 16 MB"),
            (
                "mkdir -p $1/l/env && ln -s /etc/passwd $1/l/env/X && printf '[types]\\nbuild = true\\n' > $1/l.toml",
                "X is a link that leaves the layers"
            ),
            (
                "mkdir -p $1/l && ln -s /etc $1/l/env && printf '[types]\\nbuild = true\\n' > $1/l.toml",
                "env is a link that leaves the layers"
            ),
            ("printf '[[processes]]\\ntype = \"../../x\"\\ncommand = [\"x\"]\\n' > $1/launch.toml", "cannot be called"),
        ])
    func leavings(script: String, expected: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let failure = try #require(
                try await build(bench, [ScriptedBuildpack("a", in: folder, build: script)]).failure)
            #expect(failure.exitCode == 52)
            #expect(failure.message.contains(expected), "\(failure.message)")
            #expect(try bench.store.image(for: Reference("app")) == nil)
        }
    }

    @Test("A link in a layer that leads out of it goes into the image as a link, and nothing behind it")
    func linksInside() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let script = "mkdir $1/l && ln -s /etc/shadow $1/l/x && ln -s ../../.. $1/l/up"
            let given = try ScriptedBuildpack(
                "a", in: folder, build: script + " && printf '[types]\\nlaunch = true\\n' > $1/l.toml")
            #expect(try await build(bench, [given]).report != nil)
            let image = try #require(try bench.store.image(for: Reference("app")))
            let entries = try await bench.entries(of: image, madeBy: "buildpack: a@")
            #expect(entries.suffix(2).map(\.kind) == [.symlink(target: "../../.."), .symlink(target: "/etc/shadow")])
        }
    }

    @Test("A slice that is no pattern is exit code 62, and no image is made")
    func slice() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try ScriptedBuildpack(
                "a", in: folder, build: "printf '[[slices]]\\npaths = [\"../x\"]\\n' > $1/launch.toml")
            let failure = try #require(try await build(bench, [given]).failure)
            #expect(failure.exitCode == 62)
            #expect(try bench.store.image(for: Reference("app")) == nil)
        }
    }

    @Test("One that hangs ends when the build is cancelled, with all that it started", arguments: ["detect", "build"])
    func hanging(program: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let script = "trap '' TERM; sleep 3600 & echo started; while true; do sleep 3600; done"
            let given = try ScriptedBuildpack(
                "a", in: folder, detect: program == "detect" ? script : "", build: program == "build" ? script : "")
            let running = try bench.create([]) { request in
                request.buildpacks = [.folder(given.folder)]
                request.debug = "1"
            }
            var last: LifecycleEvent?
            for await event in running.events {
                if case .output(let output) = event.kind, output.text.contains("started") { running.cancel() }
                last = event
            }
            await running.end()
            #expect(last?.kind == .cancelled)
            #expect(try ProcessScan.processes(under: folder).isEmpty)
            #expect(!bench.cache.buildpacks.appending("a/run").isThere)
        }
    }

    @Test("One that floods its output is read to its end, and what is kept of it is bounded")
    func flooding() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let flood = "yes 0123456789abcdef | head -c 20000000; echo END"
            let given = try ScriptedBuildpack("a", in: folder, detect: flood, build: flood)
            let events = try await build(bench, [given])
            #expect(events.report != nil)
            #expect(events.output(of: "a").hasSuffix("END\n"))
            let failing = try ScriptedBuildpack("a", in: folder, detect: flood + "; exit 1")
            let text = try await build(bench, [failing]).output(of: "a")
            #expect(text.hasPrefix("[the beginning of a long output is left out]\n"))
            #expect(text.hasSuffix("END\n"))
            #expect(text.utf8.count < 2_000_000)
        }
    }

    @Test("What one leaves running in the background is gone when its part is over")
    func forking() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try ScriptedBuildpack(
                "a", in: folder, build: "(setsid sleep 3600 &) ; nohup sleep 3600 >/dev/null 2>&1 & echo done")
            #expect(try await build(bench, [given]).report != nil)
            #expect(try ProcessScan.processes(under: folder).isEmpty)
        }
    }

    @Test("A folder without write permission does not stop the next build", arguments: ["555", "000"])
    func locked(mode: String) async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let given = try ScriptedBuildpack(
                "a", in: folder,
                build: "mkdir -p $1/x/y here/z && touch $1/x/y/f here/z/f && chmod \(mode) $1/x/y here/z || true")
            for _ in 1...2 { #expect(try await build(bench, [given]).report != nil) }
        }
    }

    @Test("A secret that one prints, in detect or in build, reaches no event")
    func secrets() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let script = "echo \"token $MY_TOKEN\"; cat /platform/env/MY_TOKEN"
            let given = try ScriptedBuildpack("a", in: folder, detect: script, build: script)
            let events = try await bench.build([]) { request in
                request.buildpacks = [.folder(given.folder)]
                request.variables = [PlatformVariable(name: "MY_TOKEN", value: "m4rk3r-value")]
                request.secretBuildpacks = ["a"]
                request.debug = "1"
            }
            #expect(events.report != nil)
            #expect(!events.text.contains("m4rk3r-value"))
            #expect(events.output(of: "a").contains("token [MY_TOKEN]"))
            #expect(try await filesHolding("m4rk3r-value", in: bench.cacheRoot) == [])
        }
    }

    @Test("One of others builds with network, so it gets the build's secrets only if the user names it")
    func withheld() async throws {
        try await withTemporaryFolder { folder in
            let bench = try TestBench(folder)
            let script = "echo \"${MY_TOKEN-none} ${GIT_TOKEN-none} $PLAIN; $(ls /platform/env | tr '\\n' ' ')\""
            let given = try ScriptedBuildpack("a", in: folder, detect: script, build: script)
            let build = { (ids: [String]) in
                try await bench.build([]) { request in
                    request.buildpacks = [.folder(given.folder)]
                    request.variables = [
                        PlatformVariable(name: "MY_TOKEN", value: "m4rk3r-value"),
                        PlatformVariable(name: "GIT_TOKEN", value: "m4rk3r-of-git"),
                        PlatformVariable(name: "PLAIN", value: "plain"),
                    ]
                    request.fetchSecrets = [PlatformVariable(name: "NPM", value: "m4rk3r-of-npm", isSecret: true)]
                    request.secretBuildpacks = ids
                    request.debug = "1"
                }
            }
            for (ids, said, notice) in [
                ([], "none none plain; DEBUG PLAIN ", "secrets (GIT_TOKEN, MY_TOKEN)"),
                (["b"], "none none plain; DEBUG PLAIN ", "to give them: --secrets-for a"),
                (
                    ["a"], "[MY_TOKEN] [GIT_TOKEN] plain; DEBUG GIT_TOKEN MY_TOKEN PLAIN ",
                    "secrets: GIT_TOKEN, MY_TOKEN"
                ),
                (["*"], "[MY_TOKEN] [GIT_TOKEN] plain; DEBUG GIT_TOKEN MY_TOKEN PLAIN ", "a builds with network"),
            ] {
                let events = try await build(ids)
                #expect(events.report != nil)
                let lines = events.output(of: "a").split(separator: "\n").map(String.init)
                #expect(lines == [said, said], "\(ids)")
                #expect(events.text.contains(notice), "\(ids)")
            }
        }
    }
}
