import ArgumentParser
import BuildpackAPI
import Commands
import Diagnostics
import Lifecycle
import OCIImage
import OptionWords
import Reports
import SystemPackage
import TestSupport
import Testing

@testable import CLI

@Suite("pack's command lines")
struct PackWordsTests {
    /// A value that a flag takes.
    private static func value(_ flag: PackFlag) -> String? {
        switch (flag.name, flag.value) {
        case (_, .none): nil
        case ("format", _): "file"
        case ("label", _): "a=b"
        case ("volume", _): "/tmp:/volumes/x"
        case ("output", _): "json"
        case ("cache", _): "type=build;format=bind;source=x"
        default: "none"
        }
    }

    /// A command line of pack with one flag.
    private static func line(_ flag: PackFlag, _ command: PackFlag.Command, isShort: Bool) -> [String] {
        let spelling = isShort ? flag.short.map { "-\($0)" } ?? "" : "--\(flag.name)"
        return command.words + ["image", spelling] + (value(flag).map { [$0] } ?? [])
    }

    private static let rows = PackFlag.all.flatMap { flag in
        flag.commands.flatMap { command in
            [false, true].filter { !$0 || flag.short != nil }.map { (flag, command, $0) }
        }
    }

    @Test(
        "every flag of pack 0.40, in every command and with its short form, does what the table says", arguments: rows)
    func row(flag: PackFlag, command: PackFlag.Command, isShort: Bool) throws {
        let line = Self.line(flag, command, isShort: isShort)
        switch flag.meaning(of: Self.value(flag)) {
        case .works(let option):
            let pack = try PackWords(line)
            #expect(pack.notices.isEmpty)
            #expect(pack.words.contains { $0 == "--\(option)" || $0.hasPrefix("--\(option)=") }, "\(pack.words)")
        case .needless(let reason):
            let pack = try PackWords(line)
            #expect(pack.words == command.words + ["image"])
            #expect(pack.notices == ["\(line[command.words.count + 1]) is not needed: \(reason)"])
        case .refused(let advice):
            let error = #expect(throws: Failure.self) { try PackWords(line) }
            #expect(error?.code == .usage && error?.advice == advice)
            #expect(error?.message.contains("--\(flag.name)") == true || isShort)
        }
    }

    @Test("the parser takes all flags of a command that work, at once", arguments: PackFlag.Command.allCases)
    func parsed(command: PackFlag.Command) throws {
        var line = command.words + ["image"]
        for (flag, owner, isShort) in Self.rows where owner == command {
            guard case .works = flag.meaning(of: Self.value(flag)) else { continue }
            line += Self.line(flag, command, isShort: isShort).dropFirst(command.words.count + 1)
        }
        _ = try Mixpack.parseAsRoot(try PackWords(line).words)
    }

    @Test("an option of mixpack's own, and what follows --, stays as it is")
    func untouched() throws {
        for line in [
            ["build", "x", "--release", "a", "--", "-q"], ["images", "rm", "-q"], [], ["---completion", "build", "-q"],
            ["detect", "-b", "a,b"],
        ] {
            #expect(try PackWords(line).words == line)
        }
        // A path with a comma in it is one value.
        try withTemporaryFolder { folder in
            let place = folder.appending("a,b")
            try place.makeFolder()
            #expect(try PackWords(["build", "-b", place.string]).words == ["build", "--buildpack=\(place)"])
        }
    }

    @Test(
        "values may stand where pack takes them",
        arguments: [
            (["-eA=b"], ["--env=A=b"]), (["-e=A"], ["--env=A"]), (["--env=A=b=c"], ["--env=A=b=c"]),
            (["-b", "one,two"], ["--buildpack=one", "--buildpack=two"]), (["-t=a,b"], ["--tag=a", "--tag=b"]),
            (["--publish=true", "--clear-cache=false"], ["--publish"]), (["-qv"], ["--quiet", "--verbose"]),
            (["--trust-builder=false"], []), (["--pull-policy", "never", "x"], ["x"]),
            (["--env", "--publish"], ["--env", "--publish"]), (["--env", ""], ["--env", ""]),
        ])
    func values(line: [String], expected: [String]) throws {
        #expect(try PackWords(["build"] + line).words == ["build"] + expected)
    }

    @Test("the words of older versions of pack, as the original's scripts have them")
    func olderWords() throws {
        let words = try PackWords(["create-builder", "host/builder", "--config", "./builder.toml", "--publish"]).words
        #expect(words == ["builder", "create", "host/builder", "--config=./builder.toml", "--publish"])
        #expect(try PackWords(["inspect-builder", "x"]).words == ["builder", "inspect", "x"])
    }

    @Test("a flag that takes no value refuses another one than true and false, without repeating it")
    func wrongValue() {
        let error = #expect(throws: Failure.self) { try PackWords(["build", "--publish=hunter2"]) }
        #expect(error?.code == .usage && error?.message == "--publish takes true or false")
    }

    @Test(
        "every flag of a setting is an option of the console or of a build, and config.toml knows the keys of the table"
    )
    func settings() throws {
        let program = try CommandDescription.program()
        let commands = [program["build"], program["console"], program["inspect"]].compactMap(\.self)
        let known = Set(commands.flatMap(\.sections).flatMap(\.options).map(\.plainName))
        let flags = Set(Setting.all.flatMap(\.flags))
        #expect(flags.isSubset(of: known), "\(flags.subtracting(known))")
    }
}

@Suite("Options that pack has too become a request")
struct PackOptionsTests {
    private func request(_ words: [String]) async throws -> BuildRequest {
        let sources = SecretSources(machine: Machine(), runner: SubprocessCommandRunner())
        let words = Array(try PackWords(["build"] + words).words.dropFirst())
        return try await BuildOptions.parse(words).request(
            image: try Reference("app"), project: "/project", secrets: sources)
    }

    private func message(_ words: [String]) async -> String {
        let error = await #expect(throws: Failure.self) { try await request(words) }
        #expect(error?.code == .usage)
        return error.map { $0.message + "\n" + ($0.advice ?? "") } ?? ""
    }

    @Test("buildpacks before and behind the others, the process, the environment, names, a run image by its name")
    func everything() async throws {
        let request = try await request([
            "--pre-buildpack", "./a,./b", "--post-buildpack", "from=builder", "-D", "worker", "--exec-env", "test",
            "-v",
            "-t", "one,two", "--run-image", "debian:12",
        ])
        #expect(request.firstBuildpacks == ["./a", "./b"].map(BuildpackChoice.init))
        #expect(request.lastBuildpacks == [.builder])
        #expect(request.defaultProcess == "worker" && request.executionEnvironment == "test")
        #expect(request.isDebugging)
        #expect(request.tags == [try Reference("one"), try Reference("two")])
        #expect(request.runImage == .store(try Reference("debian:12")))
        #expect(try await self.request(["--run-image", "oci:x:y"]).runImage == .layout("x", tag: "y"))
        #expect(await message(["--exec-env", "a/b"]).hasPrefix("--exec-env 'a/b': not a name"))
        #expect(await message(["--run-image", "docker://No Where"]).hasPrefix("--run-image docker://No Where: "))
    }

    @Test("a volume is looked at before the build: its folder has to be there, and its path free")
    func volumes() async throws {
        try await withTemporaryFolder { folder in
            let found = try await request(["--volume", "\(folder):/platform/bindings/x:ro"])
            #expect(found.volumes == [Volume(folder, at: "/platform/bindings/x", isWritable: false)])
            let missing = await message(["--volume", "\(folder)/none:/x"])
            #expect(missing.contains("no file or folder \(folder)/none"), "\(missing)")
            for place in ["/workspace", "/cnb/buildpacks/x", "/usr/share/x", "/platform", "/layers/a"] {
                let taken = await message(["--volume", "\(folder):\(place)"])
                #expect(taken.contains("of their own") && taken.contains("/volumes/NAME"), "\(taken)")
            }
        }
    }

    @Test("a network is none, or the machine's for buildpacks of others; another one is an error with the reason")
    func networks() async throws {
        let sandbox: () async -> SandboxStatus = { .available }
        let noSandbox: () async -> SandboxStatus = { .unavailable(reason: "no bwrap", advice: "install it") }
        try await NetworkChoice(nil).check(hasOthers: false, noSandbox)
        try await NetworkChoice("none").check(hasOthers: false, sandbox)
        #expect(try NetworkChoice("none").isNone && !NetworkChoice("host").isNone)
        try await NetworkChoice("host").check(hasOthers: true, sandbox)
        let errors = [
            await #expect(throws: Failure.self) { try await NetworkChoice("none").check(hasOthers: true, noSandbox) },
            await #expect(throws: Failure.self) { try await NetworkChoice("host").check(hasOthers: false, sandbox) },
            #expect(throws: Failure.self) { try NetworkChoice("my-net") },
        ]
        #expect(errors.allSatisfy { $0?.code == .usage && $0?.advice != nil })
        #expect(errors[0]?.message.contains("no bwrap") == true)
    }

    @Test("without a network no sandbox has one, whatever a command asks for")
    func networkless() async throws {
        let runner = NetworklessRunner(runner: SubprocessCommandRunner())
        for hasNetwork in [true, false] {
            let command = Command(
                "/bin/sh", ["-c", "test -z \"$(tail -n +3 /proc/net/dev | grep -v ' lo:')\""], environment: [:],
                workingDirectory: "/", sandbox: Sandbox(binds: [], hasNetwork: hasNetwork))
            #expect(try await runner.run(command) { _ in } == .exited(0))
        }
    }

    @Test("--cache names a folder; what is not needed is said, and what is wrong refused")
    func caches() throws {
        #expect(try CacheChoice("type=build;format=bind;source=/c").folder == "/c")
        #expect(try CacheChoice("format=bind;source=/c").folder == "/c")
        for text in ["type=launch;format=volume", "type=build;format=volume;name=x"] {
            let choice = try CacheChoice(text)
            #expect(choice.folder == nil && choice.notice?.contains("is not needed") == true)
        }
        for text in ["x", "type=other", "type=build;format=bind", "format=zip", "type=build;format=image;name=r/x"] {
            let error = #expect(throws: Failure.self) { try CacheChoice(text) }
            #expect(error?.code == .usage && error?.advice != nil)
        }
        var machine = Machine()
        machine.namedCache = "/c"
        #expect(machine.cacheRoot == "/c" && Wiring(machine: machine).services.cacheRoot == "/c")
    }

    @Test("report.toml has names and digests, one line alone with the word digest; a failed build leaves none")
    func report() throws {
        try withTemporaryFolder { folder in
            let image = try Digest("sha256:" + String(repeating: "a", count: 64))
            let id = try Digest("sha256:" + String(repeating: "b", count: 64))
            var report = try ReportFile(in: folder.appending("new"), names: [try Reference("shop:1")])
            let file = folder.appending("new/report.toml")
            report.handle(
                LifecycleEvent(
                    at: 1,
                    .finished(
                        BuildReport(
                            image: "shop:1", manifestDigest: image, imageID: id, places: [], layers: [], phases: [],
                            seconds: 1, isUnchanged: false, runCommand: "", requiredVariables: []))))
            let text = try file.readText()
            #expect(
                text == """
                    [image]
                    tags = ["index.docker.io/library/shop:1"]
                    digest = "\(image)"
                    image-id = "\(id)"

                    """)
            report = try ReportFile(in: folder.appending("new"), names: [])
            #expect(!file.isThere)
            try folder.appending("file").write("x")
            let error = #expect(throws: Failure.self) { try ReportFile(in: folder.appending("file/x"), names: []) }
            #expect(error?.code == .usage)
        }
    }
}
