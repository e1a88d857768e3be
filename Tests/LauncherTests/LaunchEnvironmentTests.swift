import SystemPackage
import TestSupport
import Testing

@Suite("The launcher's environment") struct LaunchEnvironmentTests {
    static let process = """
        [[processes]]
        type = "web"
        command = ["env"]
        direct = true
        buildpack-id = "bp"

        """

    @Test("takes out what is the launcher's own, and keeps the rest")
    func inherited() async throws {
        try await withTemporaryFolder { folder in
            var image = try LaunchFixture(folder)
            image.environment = [
                "KEPT": "a=b", "EMPTY": "", "CNB_PROCESS_TYPE": "web", "CNB_EXEC_ENV": "production",
                "PATH": "/usr/bin:/cnb/process:/bin:/cnb/lifecycle",
            ]
            try image.metadata(Self.process)
            let variables = try await image.launchedEnvironment()
            #expect(
                variables == ["KEPT": "a=b", "EMPTY": "", "CNB_EXEC_ENV": "production", "PATH": "/usr/bin:/bin"])
            #expect(try await image.launch().errorOutput.contains("CNB_PROCESS_TYPE does nothing"))
        }
    }

    @Test("adds folders and files of layers by buildpack, then by layer name")
    func order() async throws {
        try await withTemporaryFolder { folder in
            var image = try LaunchFixture(folder)
            image.environment["LIST"] = "user"
            try image.layers.appending("config/metadata.toml").write(
                """
                [[buildpacks]]
                id = "z/first"
                api = "0.12"
                [[buildpacks]]
                id = "second"
                api = "0.10"
                [[processes]]
                type = "web"
                command = ["env"]
                direct = true
                buildpack-id = "z/first"
                """)
            for layer in ["z_first/a", "z_first/b", "second/c"] {
                let place = image.layers.appending(layer)
                try place.appending("bin").makeFolder()
                try place.appending("lib").makeFolder()
                try place.appending("env/LIST.append").write("-" + layer)
                try place.appending("env.launch/LIST.append").write("+")
                try place.appending("env.launch/web/LIST.append").write("w")
                try place.appending("env.launch/worker/LIST.append").write("never")
                try place.appending("env.build/LIST.append").write("never")
            }
            let variables = try await image.launchedEnvironment()
            let layers = image.layers
            #expect(
                variables["PATH"]
                    == "\(layers)/second/c/bin:\(layers)/z_first/b/bin:\(layers)/z_first/a/bin:/usr/bin:/bin")
            #expect(
                variables["LD_LIBRARY_PATH"] == "\(layers)/second/c/lib:\(layers)/z_first/b/lib:\(layers)/z_first/a/lib"
            )
            #expect(variables["LIST"] == "user-z_first/a+w-z_first/b+w-second/c+w")
            #expect(variables["CPATH"] == nil)
        }
    }

    /// What files in `env` make of the variable V: API, value before, files, value after.
    static let rules: [(api: String, before: String?, files: [String: String], after: String?)] = [
        ("0.10", "a", ["V.append": "b", "V.delim": "[]"], "a[]b"),
        ("0.10", nil, ["V.append": "b", "V.delim": "[]"], "b"),
        ("0.10", "a", ["V.prepend": "b", "V.delim": "[]"], "b[]a"),
        ("0.10", "a", ["V.append": "b"], "ab"),
        ("0.10", "a", ["V.default": "b"], "a"),
        ("0.10", "", ["V.default": "b"], "b"),
        ("0.10", "a", ["V.override": "b\n", "V.delim": ":"], "b"),
        ("0.10", "a", ["V": "b"], "b"),
        ("0.4", "a", ["V": "b"], "b:a"),
        ("0.4", "a", ["V": "b", "V.delim": ";"], "b;a"),
        ("0.4", nil, ["V": "b"], "b"),
        ("0.10", "a", ["V.delim": "x", "V.ignore": "b", "V.foo.append": "b"], "a"),
        ("0.10", nil, ["V.append": "1", "V.default": "2", "V.override": "3", "V.prepend": "4"], "43"),
    ]

    @Test("changes a variable as the suffix says", arguments: rules.indices)
    func rule(index: Int) async throws {
        let rule = Self.rules[index]
        try await withTemporaryFolder { folder in
            var image = try LaunchFixture(folder)
            image.environment["V"] = rule.before
            try image.metadata(api: rule.api, Self.process)
            for (name, content) in rule.files { try image.layer("env/\(name)", content) }
            #expect(try await image.launchedEnvironment()["V"] == rule.after?.trimmingNewline)
        }
    }

    @Test("passes bytes on that are no text")
    func bytes() async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            try image.metadata("")
            let shell =
                "export V=$(printf '\\377\\001'); exec \"$0\" -- sh -c 'printf %s \"$V$1\" | od -An -tx1' x \"$V\""
            let words = try image.words(as: nil, [])
            let end = try await run(
                "/usr/bin/env", Array(words.dropLast()) + ["/bin/sh", "-c", shell, try image.program(as: nil).string])
            #expect(end.output == " ff 01 ff 01\n", "\(end)")
        }
    }

    @Test("starts in the process's folder, after exec.d ran in the application's")
    func folders() async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            let start =
                "[[processes]]\ntype = \"web\"\ncommand = [\"sh\", \"-c\", \"pwd; echo $FROM\"]\ndirect = true\n"
            try image.metadata(start + "buildpack-id = \"bp\"\nworking-dir = \"\(folder)/else\"\n")
            try folder.appending("else").makeFolder()
            try await image.program("exec.d/here", "#!/bin/sh\nprintf 'FROM = \"%s\"' \"$PWD\" >&3\n")
            #expect(try await image.launch().lines == ["\(folder)/else", image.app.string])
            try image.metadata(api: "0.7", start + "buildpack-id = \"bp\"\nworking-dir = \"\(folder)/else\"\n")
            #expect(try await image.launch().lines == [image.app.string, image.app.string])
        }
    }

    @Test("runs exec.d programs in order, each with what the ones before set")
    func execD() async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            try image.metadata(Self.process)
            try image.layer("env/FROM_LAYER", "layer")
            try await image.program(
                "exec.d/1", "#!/bin/sh\necho out; echo err >&2\necho \"A = '$FROM_LAYER-1'\" >&3\n")
            try await image.program("exec.d/2", "#!/bin/sh\necho \"A = '$A-2'\" >&3\n")
            try await image.program("exec.d/quiet", "#!/bin/sh\n")
            try await image.program("exec.d/web/3", "#!/bin/sh\necho \"A = '$A-3'\" >&3\n")
            try await image.program("exec.d/worker/3", "#!/bin/sh\nexit 1\n")
            #expect(try await image.launchedEnvironment()["A"] == "layer-1-2-3")
            let end = try await image.launch()
            #expect(end.output.hasPrefix("out\n"))
            #expect(end.errorOutput == "err\n")
            try image.metadata(api: "0.4", Self.process)
            #expect(try await image.launchedEnvironment()["A"] == nil)
        }
    }

    @Test(
        "stops when an exec.d program fails or prints no table of strings",
        arguments: [
            ("#!/bin/sh\nexit 3\n", "ended with status 3"),
            ("#!/bin/sh\nkill -KILL $$\n", "ended with status 137"),
            ("#!/bin/sh\necho 'A = ' >&3\n", "1:5: expected a value, found the end of the line"),
            ("#!/bin/sh\necho 'A = 1' >&3\n", "1:5: A: expected a string, found an integer"),
            ("#!/no/such/shell\n", "exec.d/bad: No such file or directory"),
            ("#!/bin/sh\nexit 127\n", "ended with status 127"),
        ])
    func failingExecD(script: String, message: String) async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            try image.metadata(Self.process)
            try await image.program("exec.d/bad", script)
            let end = try await image.launch()
            #expect(end.status == 82)
            #expect(end.errorOutput.contains(message), "\(end.errorOutput)")
            #expect(end.output.isEmpty)
        }
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
