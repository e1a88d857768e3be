import BuildpackAPI
import BuildpackFiles
import SystemPackage
import TestSupport
import Testing

@testable import Lifecycle

@Suite("Folders of rules for variables")
struct EnvironmentFolderTests {
    /// The variables after a folder's rules.
    private func apply(
        _ files: [String: String], to before: [String: String] = [:], api: String = "0.12"
    ) throws -> [String: String] {
        try withTemporaryFolder { folder in
            for (name, value) in files { try folder.appending("env").appending(name).write(value) }
            let version = try #require(APIVersion(api))
            var environment = before
            let rules = EnvironmentFolder(path: folder.appending("env"), api: version, root: folder)
            for rule in try rules.rules(scope: .all) { environment.apply(rule) }
            return environment
        }
    }

    @Test("C7: the name before the first dot is the variable, the rest what is done; unknown endings do nothing")
    func names() throws {
        let files = ["A": "1", "B.override": "2", "C.ignore": "3", "D.foo.append": "4", "E.delim": ":"]
        #expect(try apply(files) == ["A": "1", "B": "2"])
        #expect(try apply([".append": "x", "sub/A": "1"]) == [:])
        #expect(try apply(["A": "x\n", "B": ""]) == ["A": "x\n", "B": ""])
    }

    @Test("C7: files count in the order of their names: append, default, override, prepend")
    func order() throws {
        let files = ["V.prepend": "p", "V.append": "a", "V.default": "d", "V.override": "o", "V.delim": "-"]
        #expect(try apply(files, to: ["V": "x"]) == ["V": "p-o"])
        #expect(try apply(["V.append": "a", "V.default": "d"]) == ["V": "a"])
        #expect(try apply(["V.default": "d", "V.prepend": "p", "V.delim": "-"], to: ["V": ""]) == ["V": "p-d"])
    }

    @Test("C8: a delimiter counts in its own folder only")
    func delimiter() throws {
        try withTemporaryFolder { folder in
            try folder.appending("env/V.delim").write("-")
            try folder.appending("env.build/V.append").write("b")
            let rules = try EnvironmentFolder(
                path: folder.appending("env.build"), api: APIVersion(0, 12), root: folder
            ).rules(scope: .build)
            #expect(rules == [EnvironmentRule("V", "b", action: .append, scope: .build)])
        }
    }

    @Test("B0.5: a file without an ending overrides; up to API 0.4 it stands in front, after a colon")
    func unsuffixed() throws {
        #expect(try apply(["V": "new"], to: ["V": "old"], api: "0.5") == ["V": "new"])
        #expect(try apply(["V": "new"], to: ["V": "old"], api: "0.4") == ["V": "new:old"])
        #expect(try apply(["V": "new", "V.delim": "-"], to: ["V": "old"], api: "0.2") == ["V": "new-old"])
    }

    @Test(
        "C8, C11: rules for everything come before those for builds, a layer's before those of one with a later name",
        arguments: [false, true])
    func ruleOrder(isExternal: Bool) throws {
        try withTemporaryFolder { folder in
            let layers = try ["two", "one"].map { name in
                let scopes: [(EnvironmentRule.Scope, String)] = [(.launch, "launch"), (.build, "build"), (.all, "all")]
                let rules = scopes.map { EnvironmentRule("V", "\(name) \($1) ", action: .append, scope: $0) }
                try folder.appending("x/\(name)").makeFolder()
                if isExternal { try EnvironmentFiles(layer: folder.appending("x/\(name)")).write(rules) }
                return LayerContribution(name, types: .build, environment: isExternal ? [] : rules)
            }
            let descriptor = BuildpackDescriptor(id: "x", version: "1", api: "0.12", name: "x")
            var environment = BuildEnvironment([:])
            try environment.add(
                BuiltLayers.Part(
                    buildpack: descriptor, layersDirectory: folder.appending("x"), result: BuildResult(layers: layers),
                    isExternal: isExternal))
            #expect(environment.variables["V"] == "one all one build two all two build ")
        }
    }

    @Test("C11: layers count in the order of their names, not of their files' names")
    func layerOrder() throws {
        try withTemporaryFolder { folder in
            for name in ["a-b", "a"] { try folder.appending("x/\(name)/bin").makeFolder() }
            let layers = ["a-b", "a"].map { LayerContribution($0, types: .build) }
            let descriptor = BuildpackDescriptor(id: "x", version: "1", api: "0.12", name: "x")
            var environment = BuildEnvironment(["PATH": "/bin"])
            try environment.add(
                BuiltLayers.Part(
                    buildpack: descriptor, layersDirectory: folder.appending("x"), result: BuildResult(layers: layers),
                    isExternal: true))
            let place = folder.appending("x").string
            #expect(environment.variables["PATH"] == "\(place)/a-b/bin:\(place)/a/bin:/bin")
        }
    }
}
