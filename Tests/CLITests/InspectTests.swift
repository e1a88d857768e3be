import SystemPackage
import TestSupport
import Testing

/// `mixpack inspect` as a script uses it.
@Suite(.serialized) struct InspectTests {
    @Test("packages, what changed since the last build, and rules on waste")
    func inspects() async throws {
        try await Workbench.run { bench in
            let project = try bench.mini()
            _ = try await bench.tryBuild(project, as: "mini").succeeded()
            let none = try await bench.mixpack.run(["inspect", "mini", "--compare", "previous"])
            #expect(none.status == 3)
            #expect(none.errorOutput.contains("no previous image of mini"))
            let source = project.appending("lib/mini.ex")
            try source.write(try source.readText().replacing("\"hello\"", with: "\"howdy\""))
            _ = try await bench.tryBuild(project, as: "mini").succeeded()

            let compared = try await bench.mixpack.run(["inspect", "mini", "--compare", "previous"]).succeeded()
            #expect(compared.output.contains("/lib/mini-0.1.0/ebin/Elixir.Mini.beam"), "\(compared)")
            #expect(compared.lines.allSatisfy { !$0.contains("beam.smp") })

            let packages = try await bench.mixpack.run(["inspect", "mini", "--packages"]).succeeded()
            #expect(packages.lines.first == "mini 0.1.0  project", "\(packages)")
            #expect(packages.lines.contains { $0.hasPrefix("elixir ") && $0.hasSuffix("Elixir") })
            #expect(packages.lines.contains { $0.hasPrefix("kernel ") && $0.hasSuffix("Erlang/OTP") })

            let sbom = try await bench.mixpack.run(["inspect", "mini", "--sbom"]).succeeded()
            let bill = try JSONValue(parsing: sbom.output)
            #expect(bill["bomFormat"]?.string == "CycloneDX" && bill["specVersion"]?.string == "1.5")
            let components = bill["components"]?.array ?? []
            // Besides the applications: Erlang as a whole, and the run image's packages with their distribution.
            let urls = components.compactMap { $0["purl"]?.string }
            let applications = urls.filter { $0.hasPrefix("pkg:otp/") }
            #expect(applications.count == packages.lines.count)
            #expect(urls.contains { $0.hasPrefix("pkg:generic/erlang@") })
            #expect(urls.contains { $0.hasPrefix("pkg:deb/") && $0.contains("/libc6@") && $0.contains("distro=") })
            let names = components.compactMap { $0["name"]?.string }
            #expect(names.contains("mini") && names.contains("kernel"))
            #expect(Set(components.compactMap { $0["bom-ref"]?.string }).count == components.count)
            #expect(components.first?["type"]?.string == "application")

            let rules = try await bench.mixpack.run(["inspect", "mini", "--ci"]).succeeded()
            #expect(rules.output.contains("PASS  lowestEfficiency"), "\(rules)")
            #expect(rules.output.contains("SKIP  highestWastedBytes"))
            let broken = try await bench.mixpack.run(["inspect", "mini", "--ci", "--lowestEfficiency", "1.0", "--json"])
            let verdicts = try JSONValue(parsing: broken.output)
            #expect(broken.status == (verdicts["pass"] == .bool(true) ? 0 : 1), "\(broken)")
        }
    }

    @Test("a file that two layers hold breaks the rule on efficiency: exit code 1, and its verdict is told")
    func brokenRule() async throws {
        try await Workbench.run { bench in
            let layout = try await TinyImage.layout(in: bench.folder)
            let script = """
                set -e
                umoci unpack --image lay:tiny again
                for program in again/rootfs/bin/*; do echo >> "$program"; done
                umoci repack --image lay:tiny again
                """
            _ = try await run("/bin/sh", ["-c", script], workingDirectory: bench.folder).succeeded()
            let broken = try await bench.mixpack.run(["inspect", "oci:\(layout):tiny", "--ci"])
            #expect(broken.status == 1, "\(broken)")
            #expect(broken.output.contains("FAIL  highestUserWastedPercent"), "\(broken)")
            let lenient = try await bench.mixpack.run(
                [
                    "inspect", "oci:\(layout):tiny", "--ci", "--highest-user-wasted-percent", "off",
                    "--lowest-efficiency", "off",
                ])
            #expect(lenient.status == 0, "\(lenient)")
        }
    }

    @Test(
        "--extract writes a file as the container sees it, never over another; a folder is refused, and nothing written"
    )
    func extracts() async throws {
        try await Workbench.run { bench in
            let place = "oci:\(try await TinyImage.layout(in: bench.folder)):tiny"
            func extract(_ arguments: String...) async throws -> ProgramEnd {
                try await bench.mixpack.run(
                    ["inspect", place, "--extract"] + arguments, workingDirectory: bench.folder.appending("out"))
            }
            let out = bench.folder.appending("out")
            try out.makeFolder()
            _ = try await extract("/bin/sh").succeeded()
            _ = try await extract("bin/sh").succeeded()
            _ = try await extract("/bin/sh", "--to", "shell").succeeded()
            for name in ["sh", "sh-1", "shell"] {
                #expect(try await run("/usr/bin/cmp", ["/bin/dash", out.appending(name).string]).status == 0)
            }
            let over = try await extract("/bin/sh", "--to", "shell")
            #expect(over.status == 3 && over.errorOutput.contains("already exists"), "\(over)")
            for (path, reason) in [("/bin", "is a folder"), ("/no/such", "has no file /no/such")] {
                let end = try await extract(path)
                #expect(end.status == 3 && end.errorOutput.contains(reason), "\(end)")
            }
            #expect(try out.tree() == ["sh", "sh-1", "shell"])
        }
    }

    @Test(
        "a rules' file is read as dive reads it, but for a rule that is not in it, which is off",
        arguments: [
            ("rules:\n  lowestEfficiency: 0.95 # strict\n", 0, "SKIP  highestUserWastedPercent"),
            ("rules:\n  highestWastedBytes: 0B\n  lowestEfficiency: disabled\n", 0, "SKIP  lowestEfficiency"),
            ("rules:\n  lowestEficiency: 0.9\n", 3, "no such rule: lowestEficiency"),
            ("rules:\n  lowestEfficiency: much\n", 3, ":2: lowestEfficiency: much is not a number from 0 to 1"),
        ])
    func rulesFile(_ text: String, _ status: Int32, _ words: String) async throws {
        try await Workbench.run { bench in
            let place = "oci:\(try await TinyImage.layout(in: bench.folder)):tiny"
            let file = bench.folder.appending("rules.yaml")
            try file.write(text)
            let end = try await bench.mixpack.run(["inspect", place, "--ci", "--ci-config", file.string])
            #expect(end.status == status, "\(end)")
            #expect((end.output + end.errorOutput).contains(words), "\(end)")
        }
    }
}
