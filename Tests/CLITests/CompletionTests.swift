import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// Completions, as the shells themselves ask for them.
@Suite(.serialized) struct CompletionTests {
    /// What a shell offers for a command line, the cursor at its end.
    private struct Shell {
        let bench: Workbench
        let folder: FilePath

        /// A bench with a project and an image in it, and the scripts.
        init(_ bench: Workbench) async throws {
            self.bench = bench
            folder = bench.folder.appending("work")
            try folder.makeFolder()
            try SampleProject.umbrella.copy(to: folder.appending("shop"))
            try bench.settings(theme: "mine")
            for shell in ["bash", "zsh", "fish"] {
                let script = try await bench.mixpack.run(["--generate-completion-script", shell]).succeeded().output
                try bench.folder.appending("mixpack.\(shell)").write(script)
            }
            try writeStart()
            // The shells find the program by the name that the user types.
            let tools = bench.folder.appending("tools")
            try tools.makeFolder()
            try FileManager.default.createSymbolicLink(
                atPath: tools.appending("mixpack").string, withDestinationPath: bench.mixpack.executable.string)
        }

        private var environment: [String: String?] {
            bench.mixpack.merged(with: ["PATH": "\(bench.folder)/tools:/usr/bin:/bin"])
        }

        func bash(_ line: String) async throws -> Set<String> {
            // Words as bash splits them: a colon is one of its own.
            let script = """
                . /usr/share/bash-completion/bash_completion
                . '\(bench.folder)/mixpack.bash'
                COMP_LINE=$1 COMP_POINT=${#1}
                read -ra COMP_WORDS <<< "${1//:/ : }"
                [[ $1 == *[\\ :] ]] && COMP_WORDS+=("")
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
                __mixpack_complete mixpack "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2> /dev/null
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            return try await lines("bash", ["-c", script, "bash", line])
        }

        /// Types a line and Tab into a shell on a terminal, and waits until it shows what it should offer.
        func typed(_ line: String, into name: String, shows words: [String]) async throws {
            var environment = environment
            environment["ZDOTDIR"] = bench.folder.string
            let arguments =
                name == "zsh"
                ? ["-d"] : ["--no-config", "--init-command", "source '\(bench.folder)/mixpack.fish'; echo rea''dy"]
            let terminal = try PseudoTerminal(
                try findTool(name), arguments, environment: environment, workingDirectory: folder, columns: 100)
            defer { terminal.endNow() }
            try await terminal.wait(for: "ready")
            terminal.send("\(line)\t")
            for word in words {
                try await eventually("\(name) offers \(word) for \(line); it shows:\n\(terminal.plainText)") {
                    terminal.plainText.contains(word)
                }
            }
        }

        private func writeStart() throws {
            let functions = bench.folder.appending("functions")
            try bench.folder.appending("mixpack.zsh").copy(to: functions.appending("_mixpack"))
            try bench.folder.appending(".zshrc").write(
                """
                PS1='> '
                fpath=('\(functions)' $fpath)
                autoload -U compinit
                compinit -u -D
                setopt no_beep no_list_ambiguous
                print ready

                """)
        }

        private func lines(_ shell: String, _ arguments: [String]) async throws -> Set<String> {
            let end = try await TestSupport.run(
                try findTool(shell), arguments, environment: environment, workingDirectory: folder
            ).succeeded()
            return Set(end.lines)
        }
    }

    private static let places: Set = ["oci:", "oci-archive:", "docker-archive:", "docker-daemon:", "docker://"]

    @Test("bash offers commands, folders, releases, themes, builders, files and places")
    func bash() async throws {
        try await Workbench.run { bench in
            let shell = try await Shell(bench)
            func ask(_ line: String) async throws -> Set<String> { try await shell.bash("mixpack \(line)") }
            #expect(try await ask("det") == ["detect"])
            #expect(try await ask("sh") == ["shell", "shop"])
            #expect(try await ask("detect s") == ["shop"])
            #expect(try await ask("build x shop --release ") == ["web_rel", "worker_rel"])
            #expect(try await ask("build --path shop --release we") == ["web_rel"])
            #expect(try await ask("build --release ") == [])
            #expect(try await ask("build --theme ").isSuperset(of: ["dark", "mono", "mine"]))
            #expect(try await ask("build --builder h") == ["host"])
            #expect(try await ask("build --ui ") == ["auto", "tui", "plain", "json", "quiet", "github"])
            #expect(try await ask("build --output ") == Self.places)
            #expect(try await ask("build --output oci:sh") == ["shop/"])
            #expect(try await ask("build -b s") == ["shop/"])
            #expect(try await ask("build --env-file shop/mi").contains("shop/mix.exs"))
            #expect(try await ask("build --registry").contains("--registry-ca"))
        }
    }

    @Test("zsh and fish offer commands, folders, releases, themes and places", arguments: ["zsh", "fish"])
    func typed(_ name: String) async throws {
        try await Workbench.run { bench in
            let shell = try await Shell(bench)
            for (line, words) in [
                ("det", ["detect"]), ("sho", ["shop/"]), ("detect sh", ["shop/"]),
                ("build x shop --release ", ["web_rel", "worker_rel"]), ("build --theme m", ["mine", "mono"]),
                ("build --output o", ["oci:", "oci-archive:"]), ("build --output oci:sh", ["oci:shop/"]),
            ] {
                try await shell.typed("mixpack \(line)", into: name, shows: words)
            }
        }
    }

    @Test("all shells offer the images of the store")
    func images() async throws {
        try await Workbench.run { bench in
            let shell = try await Shell(bench)
            let project = try bench.mini()
            _ = try await bench.tryBuild(project, as: "first").succeeded()
            _ = try await bench.tryBuild(project, as: "first:1.0").succeeded()
            #expect(try await shell.bash("mixpack inspect fi") == ["first", "first:1.0"])
            #expect(try await shell.bash("mixpack inspect first:") == ["1.0"])
            #expect(try await shell.bash("mixpack inspect x --compare p") == ["previous"])
            for name in ["zsh", "fish"] {
                try await shell.typed("mixpack rebase fi", into: name, shows: ["first:1.0"])
            }
        }
    }
}

extension Workbench {
    /// Writes a theme of the user's own.
    fileprivate func settings(theme name: String) throws {
        try mixpack.settings.appending("themes/\(name).toml").write("inherit = \"dark\"\n")
    }
}
