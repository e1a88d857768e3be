import BuildpackAPI
import BuildpackFiles
import Diagnostics
import SystemPackage
import TOMLCoding
import TestSupport
import Testing

@testable import Lifecycle

@Suite("However a buildpack's files are broken")
struct ContractFuzzTests {
    private static let words = [
        "[", "]", "[[", "]]", "=", "\"", "{}", "[]", "true", "-1", "1.5", "\"\"", "\"..\"", "\"a/b\"", "\n", "\u{0}",
        "[or]",
        "[[or]]", "[[requires]]", "[[provides]]", "[types]", "[[processes]]", "[metadata]", "version = 1", "name = []",
        "default = true", "direct = 1", "exec-env = [[]]", "launch = \"x\"", "1979-05-27", "nan",
    ]
    private static let apis = ["0.2", "0.4", "0.6", "0.8", "0.9", "0.10", "0.11", "0.12"].compactMap { APIVersion($0) }

    /// Reads every variant with each API; only the errors that name a place or a rule may come.
    private func run(_ texts: [String], _ body: (TOMLTable, APIVersion) throws -> Void) throws {
        try Fuzzing.run(texts, words: Self.words, rounds: 1500) { text, round in
            do {
                let root = try TOMLDocument(parsing: text, fileName: "f", keyMatching: .ignoringCase).root
                try body(root, Self.apis[Int(round % UInt64(Self.apis.count))])
            } catch let error as Failure {
                #expect(!error.message.isEmpty && error.code == .malformed)
            }
        }
    }

    @Test("plans of bin/detect are read or refused, and have no dependency without a name")
    func detectPlans() throws {
        let texts = [
            "[[provides]]\nname = \"a\"\n[[requires]]\nname = \"b\"\nversion = \"1\"\n[requires.metadata]\nx = 1\n",
            "[[or]]\n[[or.provides]]\nname = \"c\"\n[[or.requires]]\nname = \"d\"\n[or.requires.metadata]\nversion = \"2\"\n",
        ]
        try run(texts) { root, api in
            let plan = try DetectPlanFile(api: api).plan(root)
            for part in [plan] + plan.alternatives {
                #expect(!part.provides.contains("") && !part.requires.contains { $0.name.isEmpty })
            }
        }
    }

    @Test("launch.toml is read or refused, and has no process type that could be a path")
    func launchFiles() throws {
        let texts = [
            """
            [[labels]]
            key = "a"
            value = "b"
            [[processes]]
            type = "web"
            command = ["x", "y"]
            args = ["z"]
            default = true
            working-dir = "w"
            exec-env = ["production"]
            [[slices]]
            paths = ["a/*", "b"]
            [mixpack]
            ports = [4000]
            environment = { A = "b" }
            """, "[[processes]]\ntype = \"old\"\ncommand = \"x\"\ndirect = false\n",
        ]
        try run(texts) { root, api in
            let launch = try LaunchFile(root, api: api)
            var result = BuildResult()
            try OwnLaunchTable.fill(&result, from: root)
            #expect(!launch.processes.contains { $0.type.isEmpty || $0.type.contains("/") || $0.type == ".." })
            #expect(launch.processes.count(where: \.isDefault) <= 1)
            #expect(result.exposedPorts.allSatisfy { (1...65_535).contains($0) })
        }
    }

    @Test("a layer's toml and build.toml are read or refused")
    func layerFiles() throws {
        let texts = [
            "[types]\nlaunch = true\nbuild = false\ncache = true\n[metadata]\na = [1, { b = 2 }]\n",
            "launch = true\n[metadata]\n", "[[unmet]]\nname = \"a\"\n[[entries]]\nname = \"a\"\n",
        ]
        try run(texts) { root, api in
            let layer = try LayerFile(root, api: api)
            let restored = LayerFile.restored(types: layer.types, metadata: layer.metadata, api: api)
            let again = try TOMLDocument(parsing: restored, fileName: "f").root
            #expect(try LayerFile(again, api: api).metadata == layer.metadata)
            let entries = [BuildPlan.Requirement("a")]
            #expect(
                try BuildPlanFile(api: api).unmet(of: entries, planAfter: root, build: root).allSatisfy { $0 == "a" })
        }
    }

    @Test("buildpack.toml and project.toml are read, or refused with an exit code")
    func folders() throws {
        try withTemporaryFolder { folder in
            let texts = [
                """
                api = "0.10"
                [buildpack]
                id = "a/b"
                version = "1.0.0"
                [[targets]]
                os = "linux"
                [[targets.distros]]
                name = "debian"
                [[stacks]]
                id = "*"
                """,
                "api = \"0.12\"\n[buildpack]\nid = \"a\"\n[[order]]\n[[order.group]]\nid = \"b\"\noptional = true\n",
                """
                [_]
                schema-version = "0.2"
                [io.buildpacks]
                exclude = ["a", "!b"]
                [[io.buildpacks.group]]
                uri = "x"
                [[io.buildpacks.build.env]]
                name = "A"
                value = "1"
                """,
            ]
            try Fuzzing.run(texts, words: Self.words, rounds: 600) { text, _ in
                for name in ["buildpack.toml", "project.toml"] { try folder.appending(name).write(text) }
                do {
                    let manifest = try BuildpackManifest(in: folder)
                    #expect(!manifest.id.isEmpty && ![".", ".."].contains(manifest.id))
                } catch let error as Failure {
                    #expect([.cannotPlan, .unsupportedAPI].contains(error.code))
                }
                do {
                    _ = try ProjectDescriptor(in: folder)
                } catch let failure as Failure {
                    #expect(failure.code == .usage)
                }
            }
        }
    }

    @Test(
        "whatever plans buildpacks have, one that holds gives every dependency to those that provide it before it is needed"
    )
    func resolution() throws {
        var count = 0
        for round in UInt64(0)..<400 {
            var generator = SeededGenerator(seed: round)
            let members = (0..<Int.random(in: 1...5, using: &generator)).map { index in
                PlannedElement(
                    element: GroupElement(
                        id: "b\(index)", version: "1", isOptional: .random(using: &generator)),
                    plan: Self.plan(&generator, alternatives: .random(in: 0...2, using: &generator)))
            }
            guard let resolved = try? PlanResolver().resolve(members) else { continue }
            count += 1
            let order = resolved.group.map(\.id)
            #expect(order == members.map(\.element.id).filter(order.contains), "round \(round)")
            #expect(Set(resolved.entries.map(\.name)).count == resolved.entries.count)
            for entry in resolved.entries {
                #expect(!entry.providers.isEmpty && !entry.requires.isEmpty, "round \(round): \(entry)")
                #expect(entry.providers.allSatisfy(order.contains))
            }
        }
        #expect(count > 40)
    }

    private static func plan(_ generator: inout SeededGenerator, alternatives: Int) -> BuildPlan {
        func names() -> [String] {
            ["x", "y", "z"].filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
        }
        let (provides, requires) = (names(), names())
        return BuildPlan(
            provides: provides, requires: requires.map { BuildPlan.Requirement($0) },
            alternatives: (0..<alternatives).map { _ in plan(&generator, alternatives: 0) })
    }
}
