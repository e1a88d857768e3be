import SystemPackage
import TestSupport
import Testing

/// samples/hello, built into a layout and run by runc.
@Suite(.serialized) struct HelloTests {
    @Test("hello is built, started by runc, answers, and ends cleanly by SIGTERM")
    func runs() async throws {
        try await Workbench.run { bench in
            let image = try await bench.build(try bench.sample(.hello), as: "hello")
            #expect(try await image.problems() == [])
            let bundle = try await ImageBundle(
                layout: image.layout, tag: image.tag, unpackedTo: bench.folder.appending("bundle"))
            let container = try bundle.start(name: "hello-\(image.digest.suffix(12))")
            do {
                try await eventually("an answer of the node: \(container.program.output)", within: .seconds(30)) {
                    try await container.exec("\(Workbench.release)/bin/hello", "rpc", "IO.puts(Hello.greeting())")
                        .status == 0
                }
                let answer = try await container.exec(
                    "\(Workbench.release)/bin/hello", "rpc", "IO.puts([\"the node is \", to_string(node())])")
                #expect(answer.output.hasPrefix("the node is hello"))
                try await container.kill("TERM")
                let end = try await container.program.end(within: .seconds(15))
                #expect(end.status == 0, "\(end)")
            } catch {
                await container.remove()
                throw error
            }
            await container.remove()
        }
    }

    @Test("the image has the release and what it needs, and nothing of how it was built; compose names the last one")
    func anatomy() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let image = try await bench.build(project, as: "shop")
            let compose = try await bench.mixpack.run(["compose", project.string]).succeeded()
            #expect(compose.output.contains("image: \"shop:latest\""), "\(compose.output)")
            let paths = try await image.paths().map { String($0.drop { $0 == "." }) }
            let all = Set(paths.map { $0.hasPrefix("/") ? $0 : "/" + $0 })
            #expect(all.contains("\(Workbench.release)/bin/hello"))
            #expect(all.contains("/cnb/lifecycle/launcher"))
            #expect(all.contains("/cnb/process/web"))
            #expect(all.contains { $0.hasPrefix("/workspace") && $0 != "/workspace" && $0 != "/workspace/" } == false)
            let unwanted = ["mix.exs", ".ex", ".exs", "COOKIE", "/mix", "/elixirc", "/erlc", "/iex.bat"]
            for path in all where !path.hasSuffix("/runtime.exs") {
                #expect(!unwanted.contains { path.hasSuffix($0) && path.contains("/layers/") }, "\(path)")
                #expect(!path.contains("/_build/"), "\(path)")
            }
        }
    }

    @Test("the image is started as the specification and the original say")
    func configuration() async throws {
        try await Workbench.run { bench in
            let image = try await bench.build(try bench.sample(.hello), as: "hello")
            let process = try #require(image.process)
            #expect(process["Entrypoint"]?.array?.compactMap(\.string) == ["/cnb/process/web"])
            #expect(process["User"]?.string == "1000:1000")
            #expect(process["WorkingDir"]?.string == "/workspace")
            #expect(image.variables.contains("LANG=C.UTF-8"))
            #expect(image.variables.contains("CNB_LAYERS_DIR=/layers"))
            #expect(!image.variables.contains { $0.contains("COOKIE") })
            #expect(image.configuration["created"]?.string == "1980-01-01T00:00:01Z")
            for label in [
                "io.buildpacks.lifecycle.metadata", "io.buildpacks.build.metadata", "io.buildpacks.project.metadata",
            ] {
                #expect(throws: Never.self, "\(label)") { try JSONValue(parsing: image.labels[label]?.string ?? "") }
            }
            #expect(image.labels["io.buildpacks.stack.id"]?.string == "io.github.carlo-colombo.elixir-builder")
        }
    }

    @Test("umoci, skopeo and runc take the three outputs, and they are one image")
    func outputs() async throws {
        try await Workbench.run { bench in
            let project = try bench.sample(.hello)
            let folder = bench.folder
            let image = try await bench.build(
                project, as: "hello",
                [
                    "--output", "oci-archive:\(folder)/hello-oci.tar", "--output",
                    "docker-archive:\(folder)/hello-docker.tar",
                ])
            let skopeo = try findTool("skopeo")
            let id = image.manifest["config"]?["digest"]?.string
            for (place, copy) in [
                ("oci-archive:\(folder)/hello-oci.tar", "a"), ("docker-archive:\(folder)/hello-docker.tar", "b"),
            ] {
                _ = try await run(skopeo, ["copy", place, "oci:\(folder)/\(copy):hello"]).succeeded()
                let copied = try ImageFacts(layout: folder.appending(copy), tag: "hello")
                #expect(copied.diffIDs == image.diffIDs)
                // skopeo writes Docker's configuration anew, so that the ID stays only with OCI's.
                if copy == "a" { #expect(copied.manifest["config"]?["digest"]?.string == id) }
                let bundle = try await ImageBundle(
                    layout: copied.layout, tag: "hello", unpackedTo: folder.appending("bundle-\(copy)"))
                let container = try bundle.start(name: "hello-\(copy)-\(image.digest.suffix(12))")
                // Where Phoenix's own Dockerfile has it.
                let answer = try await container.exec("/app/bin/hello", "version")
                await container.remove()
                #expect(try answer.succeeded().output == "hello 0.1.0\n")
            }
        }
    }
}
