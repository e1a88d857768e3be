import SystemPackage
import TestSupport
import Testing

@Suite("The launcher's choice of a process") struct ProcessChoiceTests {
    static let processes = """
        [[processes]]
        type = "web"
        command = ["printf", "%s,"]
        args = ["one", "two"]
        direct = true
        buildpack-id = "bp"
        [[processes]]
        type = "process.with.period"
        command = ["printf"]
        args = ["%s;", "dotted"]
        direct = true
        buildpack-id = "bp"
        [[processes]]
        Type = "loud"
        Command = "printf"
        args = ["loud"]
        direct = true
        buildpack-id = "bp"
        """

    @Test("starts the process it is called as")
    func called() async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            try image.metadata(Self.processes)
            #expect(try await image.launch(as: "web").output == "one,two,")
            #expect(try await image.launch(as: "process.with.period").output == "dotted;")
            #expect(try await image.launch(as: "loud").output == "loud")
        }
    }

    static let arguments: [(api: String, type: String, arguments: [String], output: String)] = [
        ("0.10", "web", ["user"], "user,"),
        ("0.8", "web", ["user"], "user,"),
        ("0.9", "process.with.period", ["%s!", "user"], "user!"),
        ("0.8", "process.with.period", ["user"], "dotted;user;"),
    ]

    @Test("lets the user's arguments replace or follow the process's own", arguments: arguments)
    func userArguments(api: String, type: String, arguments: [String], output: String) async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            try image.metadata(api: api, Self.processes)
            let end = try await run("/usr/bin/env", try image.words(as: type, arguments))
            #expect(end.output == output)
        }
    }

    @Test("before Platform API 0.10 the user's arguments follow the process's own")
    func olderPlatform() async throws {
        try await withTemporaryFolder { folder in
            var image = try LaunchFixture(folder)
            image.platformAPI = "0.9"
            try image.metadata(api: "0.10", Self.processes)
            let end = try await run("/usr/bin/env", try image.words(as: "process.with.period", ["user"]))
            #expect(end.output == "dotted;user;")
        }
    }

    @Test("runs a command of the user's: after -- directly, else in a shell")
    func userCommand() async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            try image.metadata(Self.processes)
            #expect(try await image.launch(as: nil, "--", "printf", "%s|", "$HOME", "a b").output == "$HOME|a b|")
            #expect(try await image.launch(as: nil, "echo $((6*7)); pwd").lines == ["42", image.app.string])
            #expect(try await image.launch(as: "gone", "--", "echo", "x").output == "x\n")
        }
    }

    @Test(
        "takes the process that is for the execution environment",
        arguments: [
            ("0.15", nil, "production"), ("0.15", "test", "test"), ("0.15", "other", "any"),
            ("0.14", "test", "production"),
        ])
    func execEnvironment(api: String, value: String?, output: String) async throws {
        try await withTemporaryFolder { folder in
            var image = try LaunchFixture(folder)
            image.platformAPI = api
            image.environment["CNB_EXEC_ENV"] = value
            let processes = [("production", "\"production\""), ("test", "\"test\""), ("any", "\"*\"")]
            try image.metadata(
                processes.map {
                    """
                    [[processes]]
                    type = "web"
                    command = ["printf", "\($0.0)"]
                    direct = true
                    buildpack-id = "bp"
                    exec-env = [\($0.1)]

                    """
                }.joined())
            #expect(try await image.launch().output == output)
        }
    }

    static let failures:
        [(status: Int32, message: String, change: @Sendable (inout LaunchFixture) async throws -> Void, as: String?)] =
            [
                (1, "cannot read", { try $0.layers.appending("config").makeFolder() }, "web"),
                (1, "metadata.toml:5:5: expected a value", { try $0.metadata("x = ") }, "web"),
                (
                    1, "direct: expected true or false, found a string",
                    { try $0.metadata("[[processes]]\ndirect = 'x'") },
                    "web"
                ),
                (11, "CNB_PLATFORM_API is not set", { $0.platformAPI = "" }, "web"),
                (11, "keeps to 0.9 up to 0.15", { $0.platformAPI = "0.2wrong" }, "web"),
                (11, "CNB_PLATFORM_API is \"0.16\"", { $0.platformAPI = "0.16" }, "web"),
                (12, "buildpack bp has Buildpack API \"0.1\"", { try $0.metadata(api: "0.1", processes) }, "web"),
                (12, "buildpack bp has Buildpack API \"\"", { try $0.metadata(api: "", processes) }, "web"),
                (
                    82, "a command is required; give one after --, or start the image as one of: web",
                    { try $0.metadata(processes) }, nil
                ),
                (
                    82, "which is not in the image",
                    { try $0.metadata(processes.replacing("\"bp\"", with: "\"gone\"")) },
                    "web"
                ),
                (
                    82, "nosuch is not in PATH: /usr/bin:/bin",
                    { try $0.metadata(processes.replacing("\"printf\", ", with: "\"nosuch\", ")) }, "web"
                ),
                (
                    82, "the interpreter or loader that it names is not in the image",
                    { image in
                        try await image.program("bin/run", "#!/no/such/interpreter\n")
                        try image.metadata(processes.replacing("\"printf\", ", with: "\"run\", "))
                    }, "web"
                ),
                (
                    82, "Permission denied",
                    { image in
                        try image.app.appending("data").write("x", mode: 0o644)
                        try image.metadata(processes.replacing("\"printf\", ", with: "\"./data\", "))
                    }, "web"
                ),
                (
                    82, "is not for the execution environment production",
                    { image in
                        try image.metadata(
                            processes.replacing("args = [\"one\"", with: "exec-env = [\"test\"]\nargs = [\"one\""))
                    }, "web"
                ),
                (
                    82, "cannot go to",
                    { image in
                        try image.metadata(processes)
                        image.environment["CNB_APP_DIR"] = "/no/such/folder"
                    }, "web"
                ),
            ]

    @Test("says what is wrong, with the specification's exit statuses", arguments: failures.indices)
    func failure(index: Int) async throws {
        let (status, message, change, type) = Self.failures[index]
        try await withTemporaryFolder { folder in
            var image = try LaunchFixture(folder)
            try await change(&image)
            let end = try await image.launch(as: type)
            #expect(end.status == status)
            #expect(end.errorOutput.hasPrefix("launcher: "))
            #expect(end.errorOutput.contains(message), "\(end.errorOutput)")
            #expect(end.output.isEmpty)
        }
    }

    @Test("the program takes the launcher's place: same process, its own end")
    func replaced() async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            try image.metadata("")
            let program = try RunningProgram(
                "/usr/bin/env", try image.words(as: nil, ["--", "sh", "-c", "echo $$; exit 7"]))
            let end = try await program.end()
            #expect(end.status == 7)
            #expect(end.output == "\(program.id)\n")
            let signalled = try await image.launch(as: nil, "--", "sh", "-c", "kill -TERM $$")
            #expect(signalled.signal == 15)
        }
    }
}
