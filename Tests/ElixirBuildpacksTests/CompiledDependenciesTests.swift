import BuildpackAPI
import Digests
import Files
import SecretSearch
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import MixInspection

extension RealMix {
    @Suite("Dependencies compiled once for the machine")
    struct CompiledDependenciesTests {
        /// Made once; tests only read it.
        private static let made = Task {
            try await HexMirror(
                in: try makeTemporaryFolder().appending("hex"),
                packages: [
                    .init(
                        "words", "0.1.0",
                        files: package(
                            "words", body: "@all Application.compile_env(:words, :all, [])\n  def all, do: @all")),
                    .init(
                        "greeter", "0.3.0", dependencies: [("words", "~> 0.1")],
                        files: package(
                            "greeter", version: "0.3.0", deps: "{:words, \"~> 0.1\"}",
                            body: "@region System.get_env(\"REGION\")\n  def greet, do: {@region, Words.all()}")),
                ])
        }

        private static func package(
            _ name: String, version: String = "0.1.0", deps: String = "", body: String
        ) -> [String: String] {
            let module = name.prefix(1).uppercased() + name.dropFirst()
            return [
                "mix.exs": """
                defmodule \(module).MixProject do
                  use Mix.Project
                  def project, do: [app: :\(name), version: "\(version)", deps: [\(deps)]]
                end
                """,
                "lib/\(name).ex": "defmodule \(module) do\n  \(body)\nend\n",
            ]
        }

        private func bench(_ folder: FilePath, _ server: FileServer, store: FilePath) async throws -> Workbench {
            var bench = Workbench(folder)
            bench.settings = DownloadSettings(builds: server.url, hex: server.url)
            bench.dependencies = store
            let lock = try await Self.made.value.lock("greeter", "words")
            try bench.write(SmallApp.files(deps: "[{:greeter, \"~> 0.3\"}]", more: ["mix.lock": lock]))
            return bench
        }

        /// Which applications mix compiled.
        private func compiled(_ bench: Workbench) -> [String] {
            let lines = bench.reports.output.split(separator: "\n")
            return lines.filter { $0.hasPrefix("Generated ") }.map { String($0.dropFirst(10).dropLast(4)) }
        }

        /// What a call says in the release that was built.
        private func say(_ call: String, _ bench: Workbench) async throws -> String {
            let program = bench.layers.appending("release/bin/small")
            return try await run(program, ["eval", "IO.write(inspect(\(call)))"]).succeeded().output
        }

        private func withStore(
            _ body: (FilePath, FileServer, FilePath) async throws -> Void
        ) async throws {
            let server = try FileServer(serving: try await Self.made.value.folder)
            try await withTemporaryFolder { folder in
                try await body(folder, server, folder.appending("store"))
            }
        }

        @Test("another project, another folder and another value of a secret compile no dependency")
        func shared() async throws {
            try await withStore { folder, server, store in
                var first = try await bench(folder.appending("one"), server, store: store)
                try first.write([
                    "config/config.exs": "import Config\nconfig :small, key: System.get_env(\"SECRET_KEY_BASE\")\n"
                ])
                first.variables = ["SECRET_KEY_BASE": "one-secret-of-the-first"]
                first.secrets = ["SECRET_KEY_BASE"]
                _ = try await first.build()
                #expect(compiled(first).sorted() == ["greeter", "small", "words"])
                first.reports.clear()
                first.variables = ["SECRET_KEY_BASE": "another-one-of-the-first"]
                _ = try await first.build()
                #expect(compiled(first) == ["small"], "\(first.reports.output)")
                let second = try await bench(folder.appending("two"), server, store: store)
                try second.write(["lib/small/more.ex": "defmodule Small.More do\nend\n"])
                _ = try await second.build()
                #expect(compiled(second) == ["small"], "\(second.reports.output)")
                #expect(second.reports.notices.contains { $0.hasPrefix("2 dependencies compiled before") })
                #expect(try await say("Greeter.greet()", second) == "{nil, []}")
            }
        }

        @Test("a build that starts over uses nothing that is kept, and files what it compiled")
        func startsOver() async throws {
            try await withStore { folder, server, store in
                _ = try await bench(folder.appending("one"), server, store: store).build()
                let entries = store.names.filter { !$0.hasPrefix(".") }.sorted()
                #expect(entries.count == 2)
                let places = entries.flatMap { key in
                    store.appending(key).names.map { store.appending(key).appending($0).appending("build/ebin/stale") }
                }
                #expect(places.count == 2)
                for place in places { try place.write("") }
                var over = try await bench(folder.appending("two"), server, store: store)
                over.startsOver = true
                _ = try await over.build()
                #expect(compiled(over).sorted() == ["greeter", "small", "words"], "\(over.reports.output)")
                #expect(store.names.filter { !$0.hasPrefix(".") }.sorted() == entries)
                #expect(places.allSatisfy { !$0.exists })
            }
        }

        @Test("each dependency is reported when it begins and ends, with how long it took, and the slowest at the end")
        func steps() async throws {
            try await withStore { folder, server, store in
                let bench = try await bench(folder.appending("one"), server, store: store)
                _ = try await bench.build()
                let steps = bench.reports.dependencies
                for work in [DependencyStep.Work.fetching, .compiling] {
                    let own = steps.filter { $0.work == work }
                    #expect(Set(own.map(\.name)) == ["greeter", "words"] && own.allSatisfy { $0.total == 2 })
                    #expect(own.filter { $0.seconds == nil }.map(\.number) == [1, 2], "\(own)")
                    #expect(own.filter { $0.seconds.map { (0..<60).contains($0) } ?? false }.count == 2, "\(own)")
                }
                #expect(steps.filter { $0.work == .compiling }.map(\.name) == ["words", "words", "greeter", "greeter"])
                #expect(bench.reports.notices.contains { $0.hasPrefix("2 dependencies compiled; the slowest: ") })
                bench.reports.clear()
                try bench.write(["lib/small/more.ex": "defmodule Small.More do\nend\n"])
                _ = try await bench.build()
                #expect(bench.reports.dependencies.isEmpty)
            }
        }

        @Test("those that mix compiles before the assets, because nothing keeps them, are reported too")
        func beforeAssets() async throws {
            try await withStore { folder, server, store in
                var bench = try await bench(folder.appending("one"), server, store: store)
                bench.dependencies = nil
                let alias = ", aliases: [\"assets.deploy\": [\"run --no-start -e :ok\"]]"
                let files = SmallApp.files(extra: alias, deps: "[{:greeter, \"~> 0.3\"}]")
                try bench.write(files.filter { $0.key == "mix.exs" })
                _ = try await bench.build()
                let commands = bench.reports.commands
                #expect(commands.contains { $0.contains("assets.deploy") }, "\(commands)")
                let steps = bench.reports.dependencies.filter { $0.work == .compiling }
                #expect(steps.filter { $0.seconds != nil }.map(\.name).sorted() == ["greeter", "words"], "\(steps)")
                #expect(bench.reports.notices.count { $0.hasPrefix("2 dependencies compiled") } == 1)
            }
        }

        @Test("what is left of the time is said where each was compiled before, and only there")
        func timeLeft() async throws {
            try await withStore { folder, server, store in
                let first = try await bench(folder.appending("one"), server, store: store)
                _ = try await first.build()
                #expect(first.reports.dependencies.allSatisfy { $0.secondsLeft == nil })
                let times = Dictionary(
                    first.reports.dependencies.filter { $0.work == .compiling }.compactMap { step in
                        step.seconds.map { (step.name, $0) }
                    }, uniquingKeysWith: { $1 })
                var over = try await bench(folder.appending("two"), server, store: store)
                over.startsOver = true
                _ = try await over.build()
                let left = over.reports.dependencies.filter { $0.work == .compiling }.map(\.secondsLeft)
                let begun = try #require(left.first ?? nil)
                #expect(begun > 0 && begun <= times.values.reduce(0, +) + 0.01, "\(begun) of \(times)")
                #expect(left.last == 0 && left.allSatisfy { $0 != nil }, "\(left)")
                #expect(over.reports.dependencies.filter { $0.work == .fetching }.allSatisfy { $0.secondsLeft == nil })
                // One that was never compiled here: nothing is said that is not known.
                try store.appending(".times.json").write(#"{"words": 1}"#)
                var third = try await bench(folder.appending("three"), server, store: store)
                third.startsOver = true
                _ = try await third.build()
                #expect(third.reports.dependencies.filter { $0.work == .compiling }.contains { $0.secondsLeft == nil })
            }
        }

        @Test(
            "a configuration that says only what stands in it is read once for the machine, any other once for a project"
        )
        func configurations() async throws {
            try await withStore { folder, server, store in
                let answers = folder.appending("answers")
                func build(_ name: String, _ configuration: String, _ more: [String: String] = [:]) async throws -> Bool
                {
                    var bench = try await bench(folder.appending(name), server, store: store)
                    bench.answers = answers
                    try bench.write(["config/config.exs": "import Config\n\(configuration)\n"].merging(more) { $1 })
                    _ = try await bench.build()
                    #expect(try await say("Greeter.greet()", bench) == "{nil, [:hi]}")
                    return bench.reports.commands.contains { $0.contains("mixpack_configuration") }
                }
                let plain = "config :words, all: [:hi]"
                #expect(try await build("one", plain))
                #expect(try await !build("two", plain))
                // Values are read where they are needed to compile something.
                try store.remove()
                #expect(try await build("three", plain))
                let computed = "config :words, all: [if(File.exists?(\"mix.exs\"), do: :hi)]"
                #expect(try await build("four", computed))
                #expect(try await build("five", computed))
                let split = "import_config \"#{config_env()}.exs\""
                #expect(try await build("six", split, ["config/prod.exs": "import Config\n\(plain)\n"]))
                #expect(try await build("seven", split, ["config/prod.exs": "import Config\n\(plain)\n\n"]))
                #expect(try await !build("eight", split, ["config/prod.exs": "import Config\n\(plain)\n"]))
            }
        }

        @Test("a project cannot pass its values off as those of another one's configuration")
        func otherValues() async throws {
            try await withStore { folder, server, store in
                let hostile = try await bench(folder.appending("one"), server, store: store)
                let evil = """
                    import Config
                    config :words, all: [:hi]
                    System.at_exit(fn _ ->
                      folder = "/mixpack/home/mixpack-configuration"
                      for file <- Path.wildcard(folder <> "/[0-9]*"), do: File.write!(file, :erlang.term_to_binary(all: [:evil]))
                      terms = folder <> "/answer.terms"
                      if File.exists?(terms), do: File.write!(terms, :erlang.term_to_binary(words: [all: [:evil]]))
                    end)

                    """
                try hostile.write(["config/config.exs": evil])
                _ = try? await hostile.build()
                for (name, more) in [("two", ""), ("three", "config :words, more: System.get_env(\"MORE\")\n")] {
                    let other = try await bench(folder.appending(name), server, store: store)
                    try other.write(["config/config.exs": "import Config\nconfig :words, all: [:hi]\n\(more)"])
                    _ = try await other.build()
                    #expect(try await say("Greeter.greet()", other) == "{nil, [:hi]}")
                }
            }
        }

        @Test("what is read for all machines is read where nothing else of the project is")
        func readAlone() async throws {
            try await withStore { folder, server, store in
                var bench = try await bench(folder.appending("one"), server, store: store)
                bench.answers = folder.appending("answers")
                bench.variables = ["ERL_ZFLAGS": "-mixpack_test"]
                try bench.write([
                    "config/config.exs": "import Config\nconfig :words, all: [:hi]\n",
                    // mix would read a configuration as this makes it; who reads it for all stops if it is there.
                    ".erlang": """
                    case os:cmd("cat /proc/" ++ os:getpid() ++ "/cmdline | tr '\\\\000' ' '") of
                        Line -> string:find(Line, "mixpack_configuration") =:= nomatch orelse halt(9)
                    end.

                    """,
                ])
                _ = try await bench.build()
                #expect(try await say("Greeter.greet()", bench) == "{nil, [:hi]}")
                #expect(try bench.cache.appending("configuration.shared").readText().utf8.count == 64)
                #expect(bench.cache.names.filter { $0.hasPrefix("configuration-") }.isEmpty)
            }
        }

        @Test("without a configuration nothing is run to read it; one that mix.exs has elsewhere is read there")
        func configurationPlaces() async throws {
            try await withStore { folder, server, store in
                let bench = try await bench(folder.appending("one"), server, store: store)
                _ = try await bench.build()
                #expect(!bench.reports.commands.contains { $0.contains("mixpack_configuration") })
                #expect(try await say("Greeter.greet()", bench) == "{nil, []}")
                let other = try await self.bench(folder.appending("two"), server, store: store)
                let files = SmallApp.files(
                    extra: ", config_path: \"etc/settings.exs\"", deps: "[{:greeter, \"~> 0.3\"}]")
                try other.write(files.filter { $0.key == "mix.exs" })
                for word in ["hi", "ho"] {
                    try other.write(["etc/settings.exs": "import Config\nconfig :words, all: [:\(word)]\n"])
                    _ = try await other.build()
                    #expect(try await say("Greeter.greet()", other) == "{nil, [:\(word)]}")
                }
            }
        }

        @Test("what a dependency reads at compile time is never an old value")
        func changes() async throws {
            try await withStore { folder, server, store in
                let first = try await bench(folder.appending("one"), server, store: store)
                _ = try await first.build()
                var second = try await bench(folder.appending("two"), server, store: store)
                try second.write(["config/config.exs": "import Config\nconfig :words, all: [:hi]\n"])
                _ = try await second.build()
                #expect(compiled(second).sorted() == ["greeter", "small", "words"])
                #expect(try await say("Greeter.greet()", second) == "{nil, [:hi]}")
                second.reports.clear()
                second.variables = ["REGION": "eu"]
                _ = try await second.build()
                #expect(compiled(second).sorted() == ["greeter", "small"], "\(second.reports.output)")
                #expect(try await say("Greeter.greet()", second) == "{\"eu\", [:hi]}")
            }
        }

        @Test(
            "a dependency whose configuration holds a secret is compiled with the project, and never filed",
            arguments: [
                (#"System.get_env("API_TOKEN")"#, "s3cret-value-of-it"),
                (#"Base.encode64(System.get_env("API_TOKEN", ""))"#, "czNjcmV0LXZhbHVlLW9mLWl0"),
            ])
        func secret(value: String, said: String) async throws {
            try await withStore { folder, server, store in
                var bench = try await bench(folder.appending("one"), server, store: store)
                try bench.write(["config/config.exs": "import Config\nconfig :words, all: [\(value)]\n"])
                bench.variables = ["API_TOKEN": "s3cret-value-of-it"]
                bench.secrets = ["API_TOKEN"]
                _ = try await bench.build()
                #expect(store.names.filter { !$0.hasPrefix(".") }.isEmpty)
                #expect(try await say("Words.all()", bench) == "[\"\(said)\"]")
                let left = try SecretScanner(secrets: ["API_TOKEN": "s3cret-value-of-it"]).findings(in: bench.cache)
                #expect(!left.contains { $0.path.contains("configuration") }, "\(left.map(\.path))")
            }
        }

        @Test("where the store cannot be written, the build goes on and says so")
        func broken() async throws {
            try await withStore { folder, server, store in
                try store.write("in the way")
                let bench = try await bench(folder.appending("one"), server, store: store)
                _ = try await bench.build()
                #expect(compiled(bench).sorted() == ["greeter", "small", "words"])
                let warning = try #require(
                    bench.reports.diagnostics.first { $0.text.contains("compiled dependencies") })
                #expect(warning.text.contains(store.string))
                #expect(warning.severity == .warning)
            }
        }

        @Test("builds at once file and take the same entries, and leave nothing else behind")
        func atOnce() async throws {
            try await withStore { folder, server, store in
                var benches: [Workbench] = []
                for name in ["one", "two", "three"] {
                    benches.append(try await bench(folder.appending(name), server, store: store))
                }
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for bench in benches { tasks.addTask { _ = try await bench.build() } }
                    try await tasks.waitForAll()
                }
                #expect(store.names.filter { !$0.hasPrefix(".") }.count == 2)
                #expect(store.appending(".work").names.isEmpty)
                for bench in benches { #expect(try await say("Greeter.greet()", bench) == "{nil, []}") }
            }
        }

        @Test("an entry names all whose code ran for it, be it in a build before")
        func chain() async throws {
            try await withStore { folder, server, store in
                var first = try await bench(folder.appending("one"), server, store: store)
                _ = try await first.build()
                first.variables = ["REGION": "eu"]
                _ = try await first.build()
                let entries = store.names.filter { !$0.hasPrefix(".") }.map(store.appending)
                    .flatMap { key in key.names.map(key.appending) }
                let notes = entries.compactMap { DependencyStore(folder: store) { _, _ in false }.note(of: $0) }
                #expect(notes.count == 3)
                #expect(notes.allSatisfy { $0.compiledWith.keys.sorted() == ["greeter", "words"] })
            }
        }

        @Test(
            "what compiling writes into the sources makes no other dependency of it, and what others change is not filed"
        )
        func written() async throws {
            try await withStore { folder, server, store in
                var first = try await bench(folder.appending("one"), server, store: store)
                _ = try await first.build()
                let lib = first.layers.appending("app/deps/words/lib/words.ex")
                try lib.write("defmodule Words do\n  def all, do: :changed\nend\n")
                try first.forgetKeptFiles()
                first.reports.clear()
                first.variables = ["REGION": "eu"]
                _ = try await first.build()
                #expect(compiled(first).sorted() == ["greeter", "small"], "\(first.reports.output)")
                #expect(try await say("Greeter.greet()", first) == "{\"eu\", []}")
                var second = try await bench(folder.appending("two"), server, store: store)
                second.variables = ["REGION": "eu"]
                _ = try await second.build()
                #expect(compiled(second).sorted() == ["greeter", "small"], "\(second.reports.output)")
            }
        }

        @Test("code of the project never runs where dependencies are compiled for others")
        func untouched() async throws {
            try await withStore { folder, server, store in
                let hostile = try await bench(folder.appending("one"), server, store: store)
                let evil = """
                    for file <- Path.wildcard("deps/words/lib/*.ex") ++ Path.wildcard("/mixpack/home/.mix/archives/**/*.beam"),
                        do: File.write(file, String.replace(File.read!(file), "def all, do: @all", "def all, do: :evil"))
                    import Config

                    """
                try hostile.write(["config/config.exs": evil])
                _ = try? await hostile.build()
                let other = try await bench(folder.appending("two"), server, store: store)
                _ = try await other.build()
                #expect(try await say("Greeter.greet()", other) == "{nil, []}")
            }
        }
    }
}

@Suite("What a compiled dependency is known by")
struct DependencyKeyTests {
    private static let key = DependencyKey(
        name: "a", sources: "s", platform: ["elixir", "otp", "prod"], configuration: ["a": "1"], variables: ["V": "1"],
        nativeTools: ["cc 1"], seen: ["b": "k"])

    @Test(
        "each part changes the key",
        arguments: [
            { $0.name = "b" }, { $0.sources = "t" }, { $0.platform[1] = "otp 26" }, { $0.platform[2] = "staging" },
            { $0.configuration["a"] = "2" }, { $0.configuration["c"] = "1" }, { $0.variables["V"] = "2" },
            { $0.variables = [:] }, { $0.nativeTools = ["cc 2"] }, { $0.seen["b"] = "l" }, { $0.seen = [:] },
        ] as [@Sendable (inout DependencyKey) -> Void])
    func parts(change: @Sendable (inout DependencyKey) -> Void) throws {
        var key = Self.key
        change(&key)
        #expect(try key.digest() != Self.key.digest())
    }

    @Test("sources are known by names, bytes, links and what may be run, not by times or what fetching leaves")
    func sources() throws {
        try withTemporaryFolder { folder in
            let tree = DependencyTree(folder: folder.appending("dep"))
            try folder.appending("dep/lib/a.ex").write("one")
            let first = try tree.digest()
            try folder.appending("dep/.fetch").write("")
            try folder.appending("dep/.git/HEAD").write("x")
            #expect(try tree.digest() == first)
            try folder.appending("dep/lib/a.ex").write("two")
            let second = try tree.digest()
            #expect(second != first)
            try folder.appending("dep/lib/link").makeLink(to: "a.ex")
            #expect(try tree.digest() != second)
        }
    }

    @Test("an entry counts only for a project that has all whose code ran when it was compiled")
    func trust() throws {
        try withTemporaryFolder { folder in
            let store = DependencyStore(folder: folder.appending("store")) { _, _ in false }
            try folder.appending("build/ebin/a.app").write("app")
            let note = DependencyStore.Note(name: "a", compiledWith: ["a": "1", "stranger": "9"])
            try store.keep("key", note, build: folder.appending("build"), privateFiles: nil)
            #expect(store.entry("key", trusting: ["a": "1"]) == nil)
            #expect(store.entry("key", trusting: ["a": "1", "stranger": "8"]) == nil)
            let entry = try #require(store.entry("key", trusting: ["a": "1", "stranger": "9", "more": "2"]))
            try store.take(entry, to: folder.appending("out/a"), sources: folder.appending("deps/a"))
            #expect(try folder.appending("out/a/ebin/a.app").readText() == "app")
            let other = DependencyStore.Note(name: "a", compiledWith: ["a": "1"])
            try store.keep("key", other, build: folder.appending("build"), privateFiles: nil)
            #expect(store.entry("key", trusting: ["a": "1"]) != nil)
            store.prune(to: 0)
            #expect(store.entry("key", trusting: ["a": "1", "stranger": "9"]) == nil)
        }
    }

    @Test("an entry with a file that something else has changed, or that says nothing of its files, does not count")
    func damaged() throws {
        try withTemporaryFolder { folder in
            let build = folder.appending("build")
            try build.appending("ebin/a.beam").write("compiled")
            try folder.appending("priv/a.so").write("made")
            let note = DependencyStore.Note(name: "a", compiledWith: ["a": "1"])
            for seed in 0..<Corruption.rounds {
                let store = DependencyStore(folder: folder.appending("store-\(seed)")) { _, _ in false }
                try store.keep("key", note, build: build, privateFiles: folder.appending("priv"))
                #expect(store.entry("key", trusting: ["a": "1"]) != nil)
                let what = try Corruption.strike(store.folder, seed: seed)
                guard let entry = store.entry("key", trusting: ["a": "1"]) else { continue }
                // A change of the note that changes none of its words.
                #expect(try entry.appending("build/ebin/a.beam").readText() == "compiled", "\(what)")
                #expect(try entry.appending("priv/a.so").readText() == "made", "\(what)")
            }
        }
    }

    @Test("values of a configuration that something has changed are read again; a name that could be code is refused")
    func configuration() throws {
        try withTemporaryFolder { folder in
            let digest = try MessageDigest.hex(of: "value".utf8)
            let text = "words \(digest) data\nElixir.Words.Sub - code\n"
            let record = try #require(ConfigurationRecord(text: text, values: folder))
            #expect(!record.hasValues)
            try folder.appending(digest).write("value")
            #expect(record.hasValues)
            #expect(record.source(valuesIn: "v").contains("config :\"words\", :erlang.binary_to_term"))
            try Corruption.flip(folder.appending(digest))
            #expect(!record.hasValues)
            #expect(ConfigurationRecord(text: text, values: nil)?.hasValues == false)
            for name in ["a\"", "#{x}", "a b"] {
                #expect(ConfigurationRecord(text: "\(name) - data\n", values: nil) == nil, "\(name)")
            }
        }
    }

    @Test("of mix.lock only literals come through")
    func lock() {
        let text = """
            %{
              "a": {:hex, :a, "1.0.0", "inner", [:mix], [{:b, "~> 1.0", [hex: :b, repo: "hexpm", optional: false]}], "hexpm", "outer"},
              "b": {:git, "https://example.org/b.git", "abc", [tag: "v1"]},
              "evil": {:hex, :evil, System.cmd("touch", ["/tmp/x"]), "i", [:mix], [], "hexpm", "o"},
              "quote": {:git, "https://x/\\#{File.rm_rf!(1)}\\"", "abc", []},
            }
            """
        let lock = DependencyLock(Array(text.utf8))
        #expect(lock.names == ["a", "b", "quote"])
        #expect(lock.needs(of: "a") == ["b"])
        #expect(lock.needs(of: "b") == nil)
        let requirements = lock.requirements(only: ["a", "b", "quote"])
        #expect(requirements.contains(#"{:a, "1.0.0", [hex: :a, repo: "hexpm", override: true]}"#))
        #expect(requirements.contains(#":tag => "v1""#))
        #expect(!requirements.contains("\"https://x/#{"))
        #expect(DependencyLock(Array(lock.text(only: lock.names).utf8)) == lock)
    }
}
