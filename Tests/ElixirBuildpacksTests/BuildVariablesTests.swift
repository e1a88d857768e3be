import Files
import SystemPackage
import TestSupport
import Testing

@testable import ElixirBuildpacks
@testable import MixInspection

@Suite("The build's variables")
struct BuildVariablesTests {
    private let project = MixProject(kind: .application, evidence: .evaluated, app: "a")

    @Test("A value is recognised, and stands in no file")
    func recognises() throws {
        try withTemporaryFolder { folder in
            let values = ["SECRET": "a very secret value"]
            #expect(try BuildVariables(values, cache: folder).haveChanged())
            try BuildVariables(values, cache: folder).record()
            #expect(try !BuildVariables(values, cache: folder).haveChanged())
            #expect(try BuildVariables(["SECRET": "another"], cache: folder).haveChanged())
            #expect(try BuildVariables([:], cache: folder).haveChanged())
            #expect(try BuildVariables(["SECRET2": "a very secret value"], cache: folder).haveChanged())
            for name in try folder.names() {
                let path = folder.appending(name)
                #expect(FileStamp(of: path)?.permissions == 0o600)
                #expect(try !path.readBytes().elementsEqual("a very secret value".utf8))
            }
        }
    }

    @Test("The same value has another hash in another cache")
    func keyed() throws {
        try withTemporaryFolder { folder in
            let hashes = try ["one", "two"].map { name in
                let cache = folder.appending(name)
                try cache.makeFolder()
                try BuildVariables(["A": "b"], cache: cache).record()
                return try cache.appending("variables.hash").readBytes()
            }
            #expect(hashes[0] != hashes[1])
        }
    }

    @Test("Names and values cannot be mistaken for each other")
    func unambiguous() throws {
        try withTemporaryFolder { folder in
            try BuildVariables(["A": "1;B=2"], cache: folder).record()
            #expect(try BuildVariables(["A": "1", "B": "2"], cache: folder).haveChanged())
        }
    }

    @Test("Only names that occur in what is compiled count")
    func relevant() throws {
        try withTemporaryFolder { copy in
            let files = [
                "config/config.exs": "System.get_env(\"BUILD\")", "lib/a.ex": "@x System.get_env(\"ATTRIBUTE\")",
                "config/runtime.exs": "System.fetch_env!(\"RUN\")", "config/dev.exs": "\"DEV\"",
                "README.md": "set DOCUMENTED", "rel/env.sh.eex": "$SHELL_ONLY", "test/a_test.exs": "\"TESTED\"",
                "deps/d/lib/d.ex": "System.get_env(\"DEP\")", "deps/d/README.md": "DEP_DOC",
            ]
            for (path, text) in files { try copy.appending(path).write(text) }
            let names = [
                "BUILD", "ATTRIBUTE", "RUN", "DEV", "DOCUMENTED", "SHELL_ONLY", "TESTED", "DEP", "DEP_DOC", "NOWHERE",
            ]
            let values = Dictionary(uniqueKeysWithValues: names.map { ($0, "x") })
            let paths = files.keys.filter { !$0.hasPrefix("deps/") }
            let found = BuildVariables.relevant(values, project: project, paths: paths, copy: copy)
            #expect(Set(found.keys) == ["BUILD", "ATTRIBUTE", "DEP"])
            var dynamic = project
            dynamic.unnamedReads = [UnnamedRead(expression: "name", phase: .build, file: "mix.exs", line: 1)]
            #expect(BuildVariables.relevant(values, project: dynamic, paths: paths, copy: copy) == values)
        }
    }
}
