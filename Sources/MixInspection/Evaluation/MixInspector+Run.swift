import Commands
import FoundationEssentials
import SystemPackage

/// One run of the helper.
extension MixInspector {
    var helper: InspectionHelper { InspectionHelper(toolchain: toolchain, directory: helperDirectory) }

    /// What the VM and with it mix.exs sees of the environment.
    var vmEnvironment: [String: String] {
        let steering = ["MIX_", "ERL_", "ELIXIR_", "RELEASE_", "HEX_", "ERLANG_"]
        var variables = environment.filter { name, _ in !steering.contains { name.hasPrefix($0) } }
        let path = variables["PATH"] ?? ProgramLookup.systemPath
        variables["PATH"] = "\(toolchain.erlangRoot)/bin:\(toolchain.elixirRoot)/bin:\(path)"
        variables["MIX_ENV"] = "prod"
        variables["LANG"] = variables["LANG"] ?? "C.UTF-8"
        variables["HOME"] = variables["HOME"] ?? cacheDirectory.string
        variables["ERL_CRASH_DUMP_SECONDS"] = "0"
        return variables
    }

    /// Has the helper answer a request.
    func run(_ request: InspectionRequest) async throws -> InspectionAnswer {
        let folder = cacheDirectory.appending("run-\(CacheFile.uniqueName())")
        try CacheFile.makeFolder(folder)
        defer { CacheFile.removeFolder(folder) }
        let requestFile = folder.appending("request")
        let output = folder.appending("answer.json")
        try CacheFile.write(Array(request.text(output: output).utf8), to: requestFile)
        // Beside the place where it will be kept, so that one rename brings it there.
        let beams = helperDirectory.appending("beams-\(CacheFile.uniqueName())")
        try CacheFile.makeFolder(beams)
        defer { CacheFile.removeFolder(beams) }
        let command = Command(
            toolchain.erlangRoot.appending("bin/erl"),
            try helper.arguments(request: requestFile, workFolder: beams), environment: vmEnvironment,
            workingDirectory: cacheDirectory)
        let (termination, text) = try await runInTime(command, seconds: request.timeoutSeconds)
        helper.keep(from: beams)
        guard let bytes = try? ProjectFile.bytes(output),
            let answer = try? JSONDecoder().decode(InspectionAnswer.self, from: Data(bytes))
        else { throw Self.noAnswer(termination, output: text) }
        if let failure = answer.error { throw failure.error(timeoutSeconds: request.timeoutSeconds) }
        return answer
    }

    /// Runs the VM.
    ///
    /// The helper watches the time itself and can tell where mix.exs was stuck; the limit here is for when it cannot.
    private func runInTime(_ command: Command, seconds: Int) async throws -> (Termination?, output: String) {
        let tail = OutputTail()
        let ended = try await withThrowingTaskGroup(of: Termination?.self) { tasks in
            tasks.addTask {
                try await runner.run(command) { tail.append($0.text) }
            }
            tasks.addTask {
                try await Task.sleep(for: .seconds(seconds + 10))
                return nil
            }
            defer { tasks.cancelAll() }
            return try await tasks.next() ?? nil
        }
        return (ended, tail.text)
    }

    /// The VM ended without an answer: mix.exs stopped it, or it could not work.
    static func noAnswer(_ termination: Termination?, output: String) -> MixError {
        let how =
            switch termination {
            case .exited(let status): "ended the Erlang VM with status \(status)"
            case .signalled(let signal): "ended the Erlang VM by signal \(signal)"
            case nil: "did not finish"
            }
        let lines = output.split(whereSeparator: \.isNewline).suffix(3).joined(separator: "\n")
        return MixError(
            .brokenMixFile, "mix.exs \(how) before it was read", file: "mix.exs",
            advice: lines.isEmpty ? nil : "the last lines it printed:\n\(lines)")
    }
}

extension InspectionAnswer.Failure {
    /// The error that the user sees: the place and one line, no stack.
    func error(timeoutSeconds: Int) -> MixError {
        if noProject == true {
            return MixError(
                .notMixProject, "mix.exs defines no project: no module in it says `use Mix.Project`", file: "mix.exs")
        }
        let file = file ?? "mix.exs"
        if timedOut == true {
            return MixError(
                .brokenMixFile, "mix.exs did not finish within \(timeoutSeconds) seconds", file: file, line: line,
                advice: "mix.exs should only describe the project, not wait for anything")
        }
        return MixError(.brokenMixFile, message, file: file, line: line)
    }
}
