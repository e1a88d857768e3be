import SystemPackage
import TestSupport
import Testing

/// A finished release is started once on the run image's files, before the image gets its name.
@Suite(.serialized) struct TryStartTests {
    /// A project that does not start.
    struct Broken: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        /// What the error says.
        var named: [String]
        var arguments: [String] = []
    }

    private static func application(_ body: String) -> String {
        """
        defmodule Mini do
          use Application

          def start(_type, _arguments) do
            \(body)
            Supervisor.start_link([], strategy: :one_for_one, name: Mini.Supervisor)
          end
        end

        """
    }

    static let broken: [Broken] = [
        Broken(
            testDescription: "a required variable that stands nowhere in the code",
            files: [
                "config/runtime.exs":
                    "import Config\nconfig :mini, token: System.fetch_env!(Base.decode64!(\"QVBJX1RPS0VO\"))\n"
            ], named: ["the variable API_TOKEN is missing", "config/runtime.exs", "-e API_TOKEN=VALUE"]),
        Broken(
            testDescription: "compile_env that runtime.exs changes",
            files: [
                "config/config.exs": "import Config\nconfig :mini, mode: :a\n",
                "config/runtime.exs": "import Config\nconfig :mini, mode: :b\n",
                "lib/mode.ex":
                    "defmodule Mode do\n  @mode Application.compile_env(:mini, :mode)\n  def mode, do: @mode\nend\n",
            ],
            named: ["config :mini, :mode has another value at run time than at compile time", "config/runtime.exs"]),
        Broken(
            testDescription: "two listeners on one port",
            files: [
                "lib/mini.ex": application(
                    "for _ <- 1..2, do: {:ok, _} = :gen_tcp.listen(4000, [])")
            ], named: ["is already in use: two parts of the release listen on it", "lib/mini.ex:5 of mini"]),
        Broken(
            testDescription: "a program of env.sh that the run image lacks",
            files: ["rel/env.sh.eex": "#!/bin/sh\nNODE_IP=\"$(perl -e 1)\"\n"],
            named: ["the release's scripts call perl, which the run image does not have"]),
        Broken(
            testDescription: "an exception of the application",
            files: ["lib/mini.ex": application("raise \"no such thing\"")],
            named: ["no such thing, at lib/mini.ex:5 of mini"]),
    ]

    @Test("A release that does not start gets no name, and why is named", arguments: Soak.all(broken, orFirst: 2))
    func named(_ broken: Broken) async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { $0.files = broken.files }
            let end = try await bench.tryBuild(project, as: "mini", ["--try-start"])
            #expect(end.status == 62, "\(end)")
            for words in broken.named { #expect(end.description.contains(words), "\(end)") }
            #expect(!bench.mixpack.images.appending("layouts/index.docker.io/library/mini").isThere)
            let unasked = try await bench.tryBuild(project, as: "mini")
            // What keeps even `version` from working is an error in any case.
            let breaksVersion = broken.files.keys.contains("rel/env.sh.eex")
            #expect(unasked.status == (breaksVersion ? 62 : 0), "\(unasked)")
        }
    }

    @Test("A release that starts is built as without it, with values made up for what it needs")
    func starts() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/runtime.exs"] = """
                    import Config
                    config :mini, key: System.fetch_env!("SECRET_KEY_BASE"), region: System.fetch_env!("REGION"),
                      port: String.to_integer(System.fetch_env!("PORT"))
                    """
                mini.files["lib/mini.ex"] = Self.application(
                    #"IO.puts("region " <> Application.fetch_env!(:mini, :region)); "#
                        + "{:ok, _} = :gen_tcp.listen(Application.fetch_env!(:mini, :port), [])")
            }
            let plain = try await bench.build(project, as: "plain")
            let arguments = ["--try-start", "-e", "REGION=north"]
            let end = try await bench.tryBuild(project, as: "mini", arguments).succeeded()
            #expect(end.output.contains("with made-up values for SECRET_KEY_BASE"), "\(end)")
            #expect(end.output.contains("region north"))
            let tried = try await bench.build(project, as: "tried", ["--try-start"])
            #expect(tried.diffIDs == plain.diffIDs)
            let again = try await bench.tryBuild(project, as: "mini", arguments).succeeded()
            #expect(!again.output.contains("region north"), "nothing changed, so it is not started again: \(again)")
        }
    }

    @Test("A release that fails for a made-up value starts with a given one")
    func given() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["config/runtime.exs"] =
                    "import Config\nconfig :mini, level: String.to_integer(System.fetch_env!(\"LEVEL\"))\n"
            }
            let end = try await bench.tryBuild(project, as: "mini", ["--try-start"])
            #expect(end.status == 62)
            #expect(end.description.contains("does not accept the made-up value of LEVEL"), "\(end)")
            #expect(end.description.contains("-e LEVEL=VALUE"))
            _ = try await bench.tryBuild(project, as: "mini", ["--try-start", "-e", "LEVEL=3"]).succeeded()
        }
    }

    @Test("Without it, a program that env.sh calls and the run image lacks is an error too")
    func quick() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["rel/env.sh.eex"] = "#!/bin/sh\nNODE_IP=\"$(perl -e 1)\"\n"
            }
            let end = try await bench.tryBuild(project, as: "mini")
            #expect(end.status == 62, "\(end)")
            #expect(
                end.errorOutput.contains("version ended with status 127: the release's scripts call perl"), "\(end)")
            #expect(try await bench.mixpack.run(["inspect", "mini"]).status != 0)
        }
    }

    @Test("What env.sh requires and the network it lacks do not keep an image from being made")
    func lacking() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini { mini in
                mini.files["rel/env.sh.eex"] = "#!/bin/sh\nexport A=\"${REGION:?is not set}\"\n"
            }
            let good = try await bench.tryBuild(project, as: "mini").succeeded()
            #expect(!good.output.contains("version ended"), "\(good)")
            for line in ["set -u; A=$PLACE", "echo 'x: Name or service not known'; exit 6"] {
                try project.appending("rel/env.sh.eex").write("#!/bin/sh\n\(line)\n")
                let warned = try await bench.tryBuild(project, as: "mini").succeeded()
                #expect(warned.output.contains("warning: ") && warned.output.contains("version ended"), "\(warned)")
            }
        }
    }

    @Test("Scripts that cannot start a process are errors at the project's file, before there is an image")
    func scripts() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            let server = project.appending("rel/overlays/bin/server")
            try server.write("#!/bin/sh\nexec /bin/true\n", mode: 0o644)
            let closed = try await bench.tryBuild(project, as: "mini")
            #expect(closed.status == 52, "\(closed)")
            #expect(closed.errorOutput.contains("rel/overlays/bin/server:1: "), "\(closed)")
            #expect(closed.errorOutput.contains("chmod +x rel/overlays/bin/server"))
            try server.write("#!/bin/sh\r\nexec /bin/true\r\n", mode: 0o755)
            let windows = try await bench.tryBuild(project, as: "mini")
            #expect(windows.status == 52 && windows.errorOutput.contains("sed -i 's/\\r$//' rel/overlays/bin/server"))
            try server.write("#!/opt/none/sh\n", mode: 0o755)
            let unknown = try await bench.tryBuild(project, as: "mini")
            #expect(unknown.status == 62, "\(unknown)")
            #expect(
                unknown.errorOutput.contains(
                    "rel/overlays/bin/server is run by /opt/none/sh, which this machine does not have"))
            #expect(try await bench.mixpack.run(["inspect", "mini"]).status != 0)
        }
    }

    @Test("What the release needs and the machine has gets into the run image made from it, and is named")
    func added() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            try project.appending("rel/overlays/bin/server").write(
                "#!/bin/bash\n[[ a == a ]] && exec \"$(dirname \"$0\")/mini\" start\n", mode: 0o755)
            let places = ["x86_64", "aarch64"].map { FilePath("/usr/lib/\($0)-linux-gnu/libarchive.so.13") }
            let archive = try #require(places.first { $0.isThere })
            try project.appending("priv").makeFolder()
            let copy = try await run("/bin/cp", ["-L", archive.string, project.appending("priv/nif.so").string])
            #expect(copy.status == 0)
            let end = try await bench.tryBuild(project, as: "mini", ["--try-start"]).succeeded()
            #expect(end.output.contains("adding /bin/bash to the run image, because rel/overlays/bin/server needs it"))
            let line = try #require(end.output.split(separator: "\n").first { $0.contains("libxml2.so") })
            #expect(line.contains("to the run image, because lib/mini-0.1.0/priv/nif.so needs"), "\(end)")
            // The next build knows what it needs, and says it again only if something changed.
            let again = try await bench.tryBuild(project, as: "mini", ["--try-start"]).succeeded()
            #expect(again.output.contains("nothing changed") && !again.output.contains("adding"), "\(again)")
            // A rebase onto the machine's run image keeps them.
            let rebased = try await bench.mixpack.run(["rebase", "mini"])
            #expect(rebased.status == 0, "\(rebased)")
            let image = try await bench.mixpack.run(["inspect", "mini", "--json"]).succeeded()
            #expect(image.output.contains("libxml2.so"))
        }
    }
}
