import SystemPackage
import TestSupport
import Testing

/// `mix phx.new demo`, unedited, built by the whole program and started.
///
/// Stand-ins are the packages and heroicons (`PhoenixPackages`), Hex itself (`HexMirror`), and git's server in the place
/// of GitHub. The files of the project are those of the templates (`PhoenixNew`).
@Suite(.serialized) struct PhoenixNewTests {
    /// Made once; tests only read it.
    private static let mirror = Task {
        try await HexMirror(in: try makeTemporaryFolder().appending("hex"), packages: PhoenixPackages.all)
    }

    /// Serves a repository of heroicons where the project expects GitHub.
    /// - Returns: the server, and the options that lead git to it.
    private func serveIcons(in folder: FilePath) async throws -> (RunningProgram, [String]) {
        let source = folder.appending("icons")
        for (path, text) in PhoenixPackages.heroicons { try source.appending(path).write(text) }
        let script = """
            git init -q . && git add . && git -c user.name=t -c user.email=t@t commit -qm one
            git tag v2.1.1 && git tag v2.2.0 && git clone -q --bare . ../served/tailwindlabs/heroicons.git
            """
        try folder.appending("served/tailwindlabs").makeFolder()
        _ = try await run("/bin/sh", ["-c", script], workingDirectory: source).succeeded()
        let port = try TCPSocket.freePort()
        let server = try RunningProgram(
            try findTool("git"),
            [
                "daemon", "--export-all", "--reuseaddr", "--listen=127.0.0.1", "--port=\(port)",
                "--base-path=\(folder.appending("served"))",
            ])
        let variables = [
            // The machine's own settings may lead elsewhere.
            "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url.git://127.0.0.1:\(port)/.insteadOf",
            "GIT_CONFIG_VALUE_0=https://github.com/",
        ]
        return (server, variables.flatMap { ["-e", $0] })
    }

    @Test(
        "it is built without mix.lock and with it, has its CSS and JS, and answers 200",
        arguments: Soak.all(PhoenixNew.allCases, orFirst: 1))
    func unedited(edition: PhoenixNew) async throws {
        let hex = try FileServer(serving: try await Self.mirror.value.folder)
        try await Workbench.run { bench in
            let (git, redirect) = try await serveIcons(in: bench.folder)
            defer { git.sendToGroup(15) }
            let project = bench.folder.appending("demo")
            try edition.write(to: project)
            let layout = bench.folder.appending("layout")
            let options = redirect + ["--output", "oci:\(layout):demo"]
            let settings = ["HEX_MIRROR": hex.url, "MIXPACK_BUILDS_URL": hex.url, "HEX_OFFLINE": nil]
            let unpinned = try await bench.tryBuild(project, as: "demo", options, environment: settings).succeeded()
            #expect(unpinned.output.contains("no mix.lock: the versions fetched today are not pinned"), "\(unpinned)")
            // What mix deps.get would leave in the project.
            let kept = try bench.mixpack.cache.tree()
            let lock = try #require(kept.first { $0.hasSuffix("/app/mix.lock") })
            try bench.mixpack.cache.appending(lock).copy(to: project.appending("mix.lock"))
            let pinned = try await bench.tryBuild(project, as: "demo", options, environment: settings).succeeded()
            #expect(!pinned.output.contains("no mix.lock"), "\(pinned)")
            #expect(!pinned.output.contains("error:") && !pinned.output.contains("assets were not digested"))
            try await checkAnswers(ImageFacts(layout: layout, tag: "demo"), edition, bench)
        }
    }

    @Test(
        "for both processors it becomes an index, and the other image boots and answers with its page",
        .enabled(if: Soak.isOn && OtherProcessor.hasLauncher, "make soak emulates what answers HTTP"))
    func both() async throws {
        let hex = try FileServer(serving: try await Self.mirror.value.folder)
        try await Workbench.run { bench in
            let (git, redirect) = try await serveIcons(in: bench.folder)
            defer { git.sendToGroup(15) }
            let project = bench.folder.appending("demo")
            try PhoenixNew.allCases[0].write(to: project)
            let layout = bench.folder.appending("both")
            _ = try await bench.tryBuild(
                project, as: "demo",
                redirect + ["--platform", "linux/amd64,linux/arm64", "--output", "oci:\(layout):demo"],
                environment: ["HEX_MIRROR": hex.url, "MIXPACK_BUILDS_URL": hex.url, "HEX_OFFLINE": nil]
            ).succeeded()
            let body = try await OtherProcessor.answer(
                of: layout, tag: "demo", in: bench.folder,
                environment: [
                    "PORT": "\(try TCPSocket.freePort())", "SECRET_KEY_BASE": String(repeating: "k", count: 64),
                    "DATABASE_URL": "ecto://demo:demo@db/demo",
                ])
            #expect(body?.contains(PhoenixNew.allCases[0].assets.css) ?? true, "\(body ?? "")")
        }
    }

    private func checkAnswers(_ image: ImageFacts, _ edition: PhoenixNew, _ bench: Workbench) async throws {
        let bundle = try await ImageBundle(
            layout: image.layout, tag: image.tag, unpackedTo: bench.folder.appending("bundle"))
        let container = try bundle.start(
            name: "demo-\(image.digest.suffix(12))",
            environment: [
                "DATABASE_URL": "ecto://demo:demo@db/demo", "SECRET_KEY_BASE": String(repeating: "k", count: 64),
            ])
        do {
            try await eventually("an answer: \(container.program.output)", within: .seconds(30)) {
                try await container.get("http://[::1]:4000/").code == 200
            }
            let page = try await container.get("http://[::1]:4000/")
            for (file, text) in [
                (edition.assets.css, "<svg id=\"star\"/>"), (edition.assets.js, "console.log(\"demo\")"),
            ] {
                #expect(page.body.contains("\"\(file)\": \"\(file.prefix { $0 != "." })-"), "\(page)")
                let answer = try await container.get("http://[::1]:4000/\(file)")
                #expect(answer.code == 200 && answer.body.contains(text), "\(answer)")
            }
        } catch {
            await container.remove()
            throw error
        }
        await container.remove()
    }
}
