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
            #expect(none.errorOutput.contains("no earlier image of mini"))
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

            let rules = try await bench.mixpack.run(["inspect", "mini", "--ci"]).succeeded()
            #expect(rules.output.contains("PASS  lowestEfficiency"), "\(rules)")
            #expect(rules.output.contains("SKIP  highestWastedBytes"))
            let broken = try await bench.mixpack.run(["inspect", "mini", "--ci", "--lowestEfficiency", "1.0", "--json"])
            let verdicts = try JSONValue(parsing: broken.output)
            #expect(broken.status == (verdicts["pass"] == .bool(true) ? 0 : 1), "\(broken)")
        }
    }

    @Test(
        "a rules' file is read as dive reads it, but for a rule that is not in it, which is off",
        arguments: [
            ("rules:\n  lowestEfficiency: 0.95 # strict\n", 0, "SKIP  highestUserWastedPercent"),
            ("rules:\n  highestWastedBytes: 0B\n  lowestEfficiency: disabled\n", 0, "SKIP  lowestEfficiency"),
            ("rules:\n  lowestEficiency: 0.9\n", 3, "no such rule: lowestEficiency"),
            ("rules:\n  lowestEfficiency: much\n", 3, ":2: lowestEfficiency: much is no part"),
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
