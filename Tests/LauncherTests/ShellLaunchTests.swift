import SystemPackage
import TestSupport
import Testing

@Suite("The launcher's shell processes") struct ShellLaunchTests {
    /// Buildpack API, command, arguments, what is printed.
    static let commands: [(api: String, command: String, arguments: [String], output: String)] = [
        ("0.8", "printf", ["'%s' '%s'", "$VAR1", "$VAR2"], "'val 1' 'two'"),
        ("0.8", "printf '%s|' $VAR1 done", [], "val|1|done|"),
        ("0.3", #"printf "'%s' '%s'" "$0" "$1""#, ["arg", "arg with spaces"], "'arg' 'arg with spaces'"),
        (
            "0.8", "$WHAT", ["%s,", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "$(echo 11)"],
            "1,2,3,4,5,6,7,8,9,10,11,"
        ),
    ]

    @Test("evaluates the command and its arguments as the buildpack's API says", arguments: commands)
    func command(api: String, command: String, arguments: [String], output: String) async throws {
        try await withTemporaryFolder { folder in
            var image = try LaunchFixture(folder)
            image.environment = ["VAR1": "val 1", "VAR2": "two", "WHAT": "printf"]
            let list = arguments.map { "'''\($0)'''" }.joined(separator: ", ")
            try image.metadata(
                api: api,
                "[[processes]]\ntype = 'web'\ncommand = ['''\(command)''']\nargs = [\(list)]\nbuildpack-id = 'bp'\n")
            let end = try await image.launch()
            #expect(end.output == output, "\(end)")
        }
    }

    @Test("sources profiles of layers, of the type and of the application, in that order")
    func profiles() async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            try folder.appending("else where's").makeFolder()
            try image.metadata(
                api: "0.8",
                """
                [[processes]]
                type = "web"
                command = ["echo $P; pwd"]
                working-dir = "\(folder)/else where's"
                buildpack-id = "bp"
                """)
            try image.layer("profile.d/1 it's.sh", "export P=\"${P}1\"\n")
            try image.layer("profile.d/2.sh", "P=\"${P}2\"\n")
            try image.layer("profile.d/web/3.sh", "P=\"${P}3\"\n")
            try image.layer("profile.d/worker/4.sh", "P=never\n")
            try image.app.appending(".profile").write("P=\"$P-$(pwd)\"\n")
            #expect(try await image.launch().lines == ["123-\(image.app)", "\(folder)/else where's"])
            #expect(try await image.launch(as: nil, "echo $P").lines == ["12-\(image.app)"])
        }
    }

    @Test("says so when the image has no bash")
    func noBash() async throws {
        try await withTemporaryFolder { folder in
            let image = try LaunchFixture(folder)
            try image.metadata("")
            let end = try await run(
                try findTool("bwrap", package: "bubblewrap"),
                [
                    "--tmpfs", "/", "--bind", image.layers.string, "/layers", "--dir", "/workspace",
                    "--ro-bind", image.launcher.string, "/launcher", "--clearenv", "--setenv", "CNB_PLATFORM_API",
                    "0.12",
                    "/launcher", "echo hello",
                ])
            #expect(end.status == 82)
            #expect(
                end.errorOutput
                    == "launcher: echo hello needs a shell, and the image has no /bin/bash; put -- before the command to run it directly\n"
            )
        }
    }
}
